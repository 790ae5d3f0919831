package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.report.TextTable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Searches the known repositories. */
@Command(
    name = "search",
    description = "search for a keyword in charts",
    subcommands = SearchCommand.Repo.class)
final class SearchCommand {
  private SearchCommand() {}

  /** Searches by keyword. */
  @Command(name = "repo", description = "search repositories for a keyword in charts")
  static final class Repo extends HelmAction {
    @Parameters(arity = "0..*", paramLabel = "KEYWORD")
    List<String> keywords = List.of();

    @Option(
        names = {"-r", "--regexp"},
        description = "use regular expressions")
    boolean regexp;

    @Option(
        names = {"-l", "--versions"},
        description = "show the long listing, with each version of each chart on its own line")
    boolean versions;

    @Option(names = "--devel", description = "use development versions, too")
    boolean devel;

    @Option(names = "--version", description = "search using semantic versioning constraints")
    @Nullable String version;

    @Mixin OutputFlag output = new OutputFlag();

    @Override
    void run(HelmSession helm) {
      Set<String> seen = new HashSet<>();
      List<Map<String, String>> found =
          helm.call(
                  HelmFunction.SEARCH_REPO,
                  new HelmOptions()
                      .text("keyword", String.join(" ", keywords))
                      .flag("regexp", regexp)
                      .flag("devel", devel)
                      .text("version", version))
              .text()
              .lines()
              .map(Fields::of)
              // Of each chart the highest version comes first.
              .filter(chart -> versions || seen.add(chart.getOrDefault("name", "")))
              .toList();
      TextTable table =
          new TextTable(50).row("NAME", "CHART VERSION", "APP VERSION", "DESCRIPTION");
      List<Map<String, String>> shown =
          found.stream()
              .map(
                  chart ->
                      Map.of(
                          "name", chart.getOrDefault("name", ""),
                          "version", chart.getOrDefault("chartVersion", ""),
                          "app_version", chart.getOrDefault("appVersion", ""),
                          "description", chart.getOrDefault("description", "")))
              .toList();
      for (Map<String, String> chart : shown) {
        table.row(
            chart.getOrDefault("name", ""),
            chart.getOrDefault("version", ""),
            chart.getOrDefault("app_version", ""),
            chart.getOrDefault("description", ""));
      }
      print(
          output.format.write(shown, () -> shown.isEmpty() ? "No results found\n" : table.text()));
    }
  }
}
