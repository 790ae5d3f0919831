package io.kubra.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Wrong arguments are refused before anything is asked of a cluster. */
class ConformanceCommandTest {
  private static void refused(String message, String... arguments) {
    ConformanceCommand command = new ConformanceCommand();
    new CommandLine(command).parseArgs(arguments);
    assertThatThrownBy(command::call)
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(2))
        .hasMessageContaining(message);
  }

  @Test
  void unknownRowsAreasAndProfilesAreNamed() {
    refused("there is no requirement \"ra2.k8s.999\"", "--id", "ra2.k8s.999");
    refused("there is no area \"xyz\"", "--area", "xyz");
    refused("there is no profile \"fast\"", "--profile", "fast");
    refused("no requirement is both", "--area", "ntw", "--id", "ra2.k8s.005");
  }

  @Test
  void aClusterThatIsNotThereIsSaidToBe() {
    refused("there is no cluster \"none-of-this-name\"", "--name", "none-of-this-name");
  }

  @Test
  void aFolderThatCannotBeMadeIsKnownBeforeTheRun(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    refused("cannot make the folder", "--output", file.resolve("below").toString());
  }
}
