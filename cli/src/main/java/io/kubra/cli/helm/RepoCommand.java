package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.report.TextTable;
import io.kubra.addons.helm.repository.ChartIndex;
import io.kubra.api.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps the chart repositories that the user works with. */
@Command(
    name = "repo",
    description = "add, list, remove, update chart repositories",
    subcommands = {
      RepoCommand.Add.class,
      RepoCommand.Repositories.class,
      RepoCommand.Remove.class,
      RepoCommand.Index.class,
      RepoCommand.Update.class
    })
final class RepoCommand {
  private RepoCommand() {}

  /** The repositories known: name, then address. */
  static List<Map<String, String>> known(HelmSession helm) {
    List<Map<String, String>> known = new ArrayList<>();
    var result = helm.attempt(HelmFunction.REPO_LIST, new HelmOptions());
    if (!result.failed()) {
      result.text().lines().forEach(line -> known.add(Fields.of(line)));
    }
    return known;
  }

  /** Adds one. */
  @Command(name = "add", description = "add a chart repository")
  static final class Add extends HelmAction {
    @Parameters(index = "0", paramLabel = "NAME")
    String name = "";

    @Parameters(index = "1", paramLabel = "URL")
    String url = "";

    @Option(names = "--username", description = "chart repository username")
    @Nullable String username;

    @Option(names = "--password", description = "chart repository password")
    @Nullable String password;

    @Option(names = "--force-update", description = "replace the repo if it already exists")
    boolean force;

    @Mixin TlsFlags tls = new TlsFlags();

    @Override
    void run(HelmSession helm) {
      for (Map<String, String> repo : known(helm)) {
        if (name.equals(repo.get("name")) && !force) {
          if (!url.equals(repo.get("url"))) {
            throw new HelmException(
                "repository name (" + name + ") already exists, please specify a different name");
          }
          line("\"" + name + "\" already exists with the same configuration, skipping");
          return;
        }
      }
      HelmOptions options =
          new HelmOptions()
              .text("name", name)
              .text("url", url)
              .text("username", username)
              .text("password", password);
      tls.apply(options, "insecureSkipTlsVerify", false);
      var unused = helm.call(HelmFunction.REPO_ADD, options);
      line("\"" + name + "\" has been added to your repositories");
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      aliases = {"ls"},
      description = "list chart repositories")
  static final class Repositories extends HelmAction {
    @Mixin OutputFlag output = new OutputFlag();

    @Override
    void run(HelmSession helm) {
      TextTable table = new TextTable(0).row("NAME", "URL");
      List<Map<String, String>> shown = new ArrayList<>();
      for (Map<String, String> repo : known(helm)) {
        String name = repo.getOrDefault("name", "");
        String url = repo.getOrDefault("url", "");
        table.row(name, url);
        shown.add(Map.of("name", name, "url", url));
      }
      if (shown.isEmpty()) {
        throw new HelmException("no repositories to show");
      }
      print(output.format.write(shown, table::text));
    }
  }

  /** Removes some. */
  @Command(
      name = "remove",
      aliases = {"rm"},
      description = "remove one or more chart repositories")
  static final class Remove extends HelmAction {
    @Parameters(arity = "1..*", paramLabel = "REPO")
    List<String> names = List.of();

    @Override
    void run(HelmSession helm) {
      for (String name : names) {
        var unused = helm.call(HelmFunction.REPO_REMOVE, new HelmOptions().text("names", name));
        line("\"" + name + "\" has been removed from your repositories");
      }
    }
  }

  /** Makes a folder a repository. */
  @Command(
      name = "index",
      description = "generate an index file given a directory containing packaged charts")
  static final class Index extends HelmAction {
    @Parameters(paramLabel = "DIR")
    Path folder = Path.of("");

    @Option(names = "--url", description = "url of chart repository")
    String url = "";

    @Option(names = "--merge", description = "merge the generated index into the given index")
    @Nullable Path merge;

    @Override
    void run(HelmSession helm) {
      ChartIndex index = ChartIndex.of(folder, url);
      try {
        if (merge != null && Files.exists(merge)) {
          index.merge(Files.readAllBytes(merge));
        }
        Files.write(folder.resolve("index.yaml"), index.write());
      } catch (IOException | JsonSyntaxException e) {
        throw new HelmException(e.toString(), e);
      }
    }
  }

  /** Reads their indexes anew. */
  @Command(
      name = "update",
      aliases = {"up"},
      description = "update information of available charts locally from chart repositories")
  static final class Update extends HelmAction {
    @Parameters(arity = "0..*", paramLabel = "REPO")
    List<String> names = List.of();

    @Override
    void run(HelmSession helm) {
      List<String> wanted =
          names.isEmpty()
              ? known(helm).stream().map(repo -> repo.getOrDefault("name", "")).toList()
              : names;
      if (wanted.isEmpty()) {
        throw new HelmException("no repositories found. You must add one before updating");
      }
      line("Hang tight while we grab the latest from your chart repositories...");
      for (String name : wanted) {
        var unused = helm.call(HelmFunction.REPO_UPDATE, new HelmOptions().text("names", name));
        line("...Successfully got an update from the \"" + name + "\" chart repository");
      }
      line("Update Complete. ⎈Happy Helming!⎈");
    }
  }
}
