package dev.sluice.origin.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.failure.StoreFailure;
import dev.sluice.origin.key.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The tables of the catalog in H2.
 *
 * <p>Of the processes that have one data folder open, the first holds the database and serves it to
 * the others on a loopback port, which its lock file names. If it ends, another takes over. The
 * password follows from the master key, so who cannot read that cannot connect.
 */
final class CatalogStore implements AutoCloseable {
  private static final int POOL_SIZE = 3;
  private static final int ATTEMPTS = 4;
  private static final long CONNECTION_TIMEOUT_MS = 10_000;
  private static final Duration UNLOCK_TIME = Duration.ofSeconds(3);
  private static final Duration UNLOCK_LOOK = Duration.ofMillis(5);
  private static final String OWNER_ONLY = "rwx------";

  /** Of the newest file in {@code db/migration}. */
  static final String SCHEMA_VERSION = "1";

  // H2's own code for a wrong name or password.
  private static final int WRONG_USER_OR_PASSWORD = 28000;

  static {
    // H2 reads it once, when it is first used.
    System.setProperty("h2.bindAddress", "127.0.0.1");
  }

  private final Optional<Path> lock;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  private CatalogStore(Optional<Path> lock, String url, String password) {
    this.lock = lock;
    var config = new HikariConfig();
    config.setPoolName("catalog");
    config.setJdbcUrl(url);
    config.setUsername("sluice");
    config.setPassword(password);
    config.setMaximumPoolSize(POOL_SIZE);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
    config.setInitializationFailTimeout(1);
    this.pool = new HikariDataSource(config);
    try {
      if (!hasSchema(pool)) {
        Flyway.configure(CatalogStore.class.getClassLoader())
            .dataSource(pool)
            .locations("classpath:db/migration")
            .loggers("slf4j")
            .load()
            .migrate();
      }
      this.jdbi = Jdbi.create(pool);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /**
   * Whether Flyway's own table says that the newest migration is done, and none has failed. Asked
   * first, since Flyway takes 0.2 s of a start to find the same.
   */
  private static boolean hasSchema(DataSource pool) {
    try (var connection = pool.getConnection();
        var query =
            connection.prepareStatement(
                "select \"version\", \"success\" from \"flyway_schema_history\""
                    + " order by \"installed_rank\"");
        var rows = query.executeQuery()) {
      String newest = "";
      while (rows.next()) {
        if (!rows.getBoolean("success")) {
          return false;
        }
        newest = rows.getString("version");
      }
      return SCHEMA_VERSION.equals(newest);
    } catch (SQLException e) {
      // A new database has no such table. Whatever else it is, Flyway meets it as well, and says
      // so.
      return false;
    }
  }

  /** Opens the database of a data folder, which it makes if need be. */
  static CatalogStore open(Path dataFolder, MasterKey masterKey) {
    Path folder = dataFolder.toAbsolutePath().normalize();
    if (folder.toString().indexOf(';') >= 0) {
      throw new CallerFailure(
          FailureCode.BAD_REQUEST, "data folder: its name has a semicolon (expected: none)");
    }
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    } catch (IOException e) {
      throw unavailable(e);
    }
    byte[] secret = masterKey.derive("sluice catalog database password v1");
    String password = HexFormat.of().formatHex(secret);
    Arrays.fill(secret, (byte) 0);
    CatalogStore store =
        connect(
            Optional.of(folder.resolve("catalog.lock.db")),
            "jdbc:h2:file:%s;AUTO_SERVER=TRUE".formatted(folder.resolve("catalog")),
            password);
    try {
      Files.setPosixFilePermissions(
          folder.resolve("catalog.mv.db"), PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      store.close();
      throw unavailable(e);
    }
    return store;
  }

  /** A database in memory of its own. */
  static CatalogStore inMemory() {
    return connect(
        Optional.empty(), "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()), "");
  }

  private static CatalogStore connect(Optional<Path> lock, String url, String password) {
    RuntimeException last = new IllegalStateException("no attempt");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return new CatalogStore(lock, url, password);
      } catch (FlywayException | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
        // The process that held the database may just have ended.
        last = e;
        if (isWrongPassword(e)) {
          throw new ServerFailure(
              FailureCode.INTERNAL_ERROR,
              "catalog: it does not open with this master key (expected: the one it was made"
                  + " with)");
        }
      }
    }
    throw unavailable(last);
  }

  private static boolean isWrongPassword(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getErrorCode() == WRONG_USER_OR_PASSWORD) {
        return true;
      }
    }
    return false;
  }

  /** A number that grows with every change. */
  long revision() {
    return attempt(() -> jdbi.withHandle(CatalogStore::revision));
  }

  /** Everything, as it was at one revision. */
  Rows load() {
    return attempt(() ->
        jdbi.withHandle(handle -> {
          long before = revision(handle);
          Rows rows = rows(handle, before);
          while (revision(handle) != before) {
            before = revision(handle);
            rows = rows(handle, before);
          }
          return rows;
        }));
  }

  /**
   * Makes a change, all or none of it, alone among all processes.
   *
   * @param change gets what is there; what it returns says what to write
   */
  <T> T change(Function<Rows, Change<T>> change) {
    return attempt(() ->
        jdbi.inTransaction(handle -> {
          // Takes the lock that makes writers wait for each other.
          handle.execute("update catalog_revision set revision = revision + 1");
          Change<T> wanted = change.apply(rows(handle, revision(handle)));
          if (wanted.isEmpty()) {
            handle.rollback();
          } else {
            write(handle, wanted);
          }
          return wanted.result();
        }));
  }

  private static void write(Handle handle, Change<?> change) {
    for (DocumentRow row : change.documents()) {
      handle.execute(
          "merge into documents (kind, name, json) key (kind, name) values (?, ?, ?)",
          row.kind(),
          row.name(),
          row.json());
    }
    for (KeyRow row : change.keys()) {
      handle.execute(
          "insert into wrapped_keys (id, wrapped, fingerprint) values (?, ?, ?)",
          row.id(),
          row.wrapped(),
          row.fingerprint());
    }
    for (DocumentRow row : change.deleted()) {
      handle.execute("delete from documents where kind = ? and name = ?", row.kind(), row.name());
      handle.execute(
          "delete from wrapped_keys where ? = 'ContentKey' and id = ?", row.kind(), row.name());
    }
  }

  private static long revision(Handle handle) {
    return handle
        .createQuery("select revision from catalog_revision where id = 1")
        .mapTo(Long.class)
        .one();
  }

  private static Rows rows(Handle handle, long revision) {
    List<DocumentRow> documents =
        handle
            .createQuery("select kind, name, json from documents order by kind, name")
            .map((row, _) ->
                new DocumentRow(
                    row.getString("kind"), row.getString("name"), row.getString("json")))
            .list();
    List<KeyRow> keys =
        handle
            .createQuery("select id, wrapped, fingerprint from wrapped_keys order by id")
            .map((row, _) ->
                new KeyRow(
                    row.getString("id"), row.getString("wrapped"), row.getString("fingerprint")))
            .list();
    return new Rows(revision, documents, keys);
  }

  /** Tries again what failed for a lost connection: another process then holds the database. */
  private static <T> T attempt(java.util.function.Supplier<T> work) {
    JdbiException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return work.get();
      } catch (JdbiException e) {
        last = e;
      }
    }
    throw unavailable(last == null ? new IllegalStateException() : last);
  }

  private static StoreFailure unavailable(Exception e) {
    var failure =
        new StoreFailure(
            FailureCode.MPE_STORAGE_INTERNAL_ERROR, "the catalog's store does not answer");
    failure.addSuppressed(e);
    return failure;
  }

  /**
   * Closes the store of a process that is about to be halted, and waits until H2 has taken its lock
   * away; at most {@link #UNLOCK_TIME}. H2 closes its files on a thread of its own as soon as a
   * process is told to end, and whoever opens a folder whose lock was left behind waits 4 s for an
   * owner to show itself.
   */
  void closeAtExit() {
    boolean owner = holdsALock();
    pool.close();
    long end = System.nanoTime() + UNLOCK_TIME.toNanos();
    while (owner && lock.filter(Files::exists).isPresent() && System.nanoTime() < end) {
      LockSupport.parkNanos(UNLOCK_LOOK.toNanos());
    }
  }

  /** Whether there is a thread such as H2 has for each lock file that it holds. */
  private static boolean holdsALock() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("H2 File Lock Watchdog"));
  }

  @Override
  public void close() {
    pool.close();
  }

  /** A row of documents. */
  record DocumentRow(String kind, String name, String json) {}

  /** A row of wrapped keys. */
  record KeyRow(String id, String wrapped, String fingerprint) {}

  /** Everything at a revision. */
  record Rows(long revision, List<DocumentRow> documents, List<KeyRow> keys) {}

  /** What to write, and what to answer. */
  record Change<T>(
      List<DocumentRow> documents, List<KeyRow> keys, List<DocumentRow> deleted, T result) {
    boolean isEmpty() {
      return documents.isEmpty() && keys.isEmpty() && deleted.isEmpty();
    }
  }
}
