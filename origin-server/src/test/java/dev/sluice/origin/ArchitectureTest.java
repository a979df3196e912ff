package dev.sluice.origin;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the table of packages in docs/ARCHITECTURE.md. */
final class ArchitectureTest {
  private static final String ROOT = "dev.sluice.origin.";

  /** Every package may use these. */
  private static final Set<String> COMMON = Set.of("media", "failure");

  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("media", Set.of()),
          Map.entry("failure", Set.of()),
          Map.entry("route", Set.of()),
          Map.entry("http", Set.of("route")),
          Map.entry("key", Set.of()),
          Map.entry("catalog", Set.of("key")),
          Map.entry("access", Set.of("catalog")),
          Map.entry("policy", Set.of("catalog")),
          Map.entry("storage", Set.of()),
          Map.entry("mp4", Set.of()),
          Map.entry("codec", Set.of()),
          Map.entry("track", Set.of("mp4", "codec", "storage")),
          Map.entry("encrypt", Set.of("codec", "key", "track")),
          Map.entry("drm", Set.of("mp4", "key")),
          Map.entry("segment", Set.of("mp4", "codec", "track", "encrypt", "drm", "storage")),
          Map.entry("manifest", Set.of("track", "drm", "route", "codec", "mp4")),
          Map.entry("license", Set.of("catalog", "key", "access", "drm")),
          Map.entry(
              "delivery",
              Set.of(
                  "route",
                  "access",
                  "catalog",
                  "policy",
                  "key",
                  "storage",
                  "mp4",
                  "codec",
                  "track",
                  "encrypt",
                  "segment",
                  "drm",
                  "manifest",
                  "license")),
          Map.entry("admin", Set.of("http", "route")),
          Map.entry("config", Set.of("http")),
          Map.entry(
              "app",
              Set.of(
                  "http",
                  "route",
                  "access",
                  "catalog",
                  "policy",
                  "key",
                  "storage",
                  "mp4",
                  "codec",
                  "track",
                  "encrypt",
                  "segment",
                  "drm",
                  "manifest",
                  "license",
                  "delivery",
                  "admin",
                  "config")),
          Map.entry(
              "cli",
              Set.of(
                  "http",
                  "route",
                  "access",
                  "catalog",
                  "policy",
                  "key",
                  "storage",
                  "mp4",
                  "codec",
                  "track",
                  "encrypt",
                  "segment",
                  "drm",
                  "manifest",
                  "license",
                  "delivery",
                  "admin",
                  "config",
                  "app")));

  private static final List<JavaClass> CLASSES =
      new ClassFileImporter()
              .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
              .importPackages("dev.sluice.origin")
              .stream()
              .toList();

  @Test
  void usesOnlyWhatTheTableAllows() {
    assertThat(CLASSES).hasSizeGreaterThan(50);
    var broken = new TreeSet<String>();
    for (var type : CLASSES) {
      String from = packageOf(type);
      for (var dependency : type.getDirectDependenciesFromSelf()) {
        if (!isAllowed(from, dependency)) {
          broken.add(dependency.getDescription());
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void namesEveryPackage() {
    var found = CLASSES.stream().map(ArchitectureTest::packageOf).collect(Collectors.toSet());
    assertThat(MAY_USE.keySet()).containsAll(found);
    var unused = new HashSet<>(MAY_USE.keySet());
    unused.removeAll(found);
    assertThat(unused).as("packages of the table that do not exist").isEmpty();
  }

  @Test
  void keepsNettysChannelsInHttp() {
    var outside =
        CLASSES.stream()
            .filter(c -> !packageOf(c).equals("http"))
            .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
            .filter(d ->
                d.getTargetClass().getPackageName().startsWith("io.netty")
                    && !d.getTargetClass().getSimpleName().equals("SslContext"))
            .map(Dependency::getDescription)
            .toList();
    assertThat(outside).isEmpty();
  }

  @Test
  void hidesTheRenderersFromEachOther() {
    var broken =
        CLASSES.stream()
            .filter(c -> c.getPackageName().startsWith(ROOT + "manifest."))
            .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
            .filter(d -> d.getTargetClass().getPackageName().startsWith(ROOT + "manifest."))
            .filter(d ->
                !d.getTargetClass().getPackageName().equals(d.getOriginClass().getPackageName()))
            .map(Dependency::getDescription)
            .toList();
    assertThat(broken).isEmpty();
  }

  private static boolean isAllowed(String from, Dependency dependency) {
    var target = dependency.getTargetClass().getBaseComponentType();
    if (!target.getPackageName().startsWith(ROOT)) {
      return true;
    }
    String to = packageOf(target);
    return to.equals(from)
        || (COMMON.contains(to) && !COMMON.contains(from))
        || MAY_USE.getOrDefault(from, Set.of()).contains(to);
  }

  /** The package's first name below the root. */
  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT) ? firstName(name.substring(ROOT.length())) : name;
  }

  private static String firstName(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }
}
