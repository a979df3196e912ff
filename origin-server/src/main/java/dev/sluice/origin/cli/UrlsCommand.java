package dev.sluice.origin.cli;

import dev.sluice.origin.app.Server;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.delivery.StreamingUrls;
import dev.sluice.origin.delivery.Titles;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sluice urls}: the streaming URLs of an asset. */
@Command(
    name = "urls",
    description = "Prints the streaming URLs of an asset, a line for each protocol and scheme.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets them all
final class UrlsCommand implements Callable<Integer> {
  @ParentCommand private SluiceCommand root;
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "ASSET", description = "Its name.")
  private String asset;

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The catalog.")
  private Path data;

  @Option(names = "--media", paramLabel = "DIR", description = "The media root.")
  private Path media = Path.of(".");

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description = "The base under which clients know the server.")
  private String publicUrl = "http://127.0.0.1:8080";

  @Override
  public Integer call() throws Exception {
    CatalogOptions.requireFolder(data);
    var random = new SecureRandom();
    var masterKey = MasterKey.open(root.variable("SLUICE_MASTER_KEY"), data, random);
    try (var catalog = StoredCatalog.open(data, masterKey, random)) {
      var store = new FileObjectStore(media);
      var titles =
          new Titles(store, new TitleReader(store, Server.MAX_TRACKS), System::nanoTime, 1_000_000);
      var out = spec.commandLine().getOut();
      for (var url : new StreamingUrls(catalog, titles).of(asset)) {
        out.println("%s %s %s%s".formatted(url.protocol(), url.scheme(), publicUrl, url.url()));
      }
    }
    return SluiceCommand.DONE;
  }
}
