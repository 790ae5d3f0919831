package io.kubra.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.cli.config.ClusterConfiguration;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lets the distribution's own tools judge what its programs are given. */
class MonitoringTest {
  @TempDir private Path folder;

  @BeforeEach
  void findTools() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/promtool")), "promtool is not installed");
  }

  private void copy(String resource, String name) throws Exception {
    try (InputStream in = MonitoringTest.class.getResourceAsStream(resource)) {
      Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  private String promtool(String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(new java.util.ArrayList<>(java.util.List.of(arguments)))
            .directory(folder.toFile());
    builder.command().add(0, "/usr/bin/promtool");
    Process process = builder.redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + "\n" + words;
  }

  @Test
  void prometheusAcceptsItsConfiguration() throws Exception {
    copy("monitoring/rules.yml", "rules.yml");
    Files.createFile(folder.resolve("ca.crt"));
    Files.createDirectories(folder.resolve("token"));
    Files.createFile(folder.resolve("token/token"));
    LocalCluster cluster = new LocalCluster("c", 1, ClusterConfiguration.DEFAULT);
    String text = Monitoring.configuration(cluster, folder, folder.resolve("token"));
    assertThat(text).doesNotContain("${").contains("127.0.0.1:9100", "127.0.0.1:9103");
    Files.writeString(folder.resolve("prometheus.yml"), text);
    assertThat(promtool("check", "config", "prometheus.yml")).startsWith("0\n");
  }

  @Test
  void theAlertsFireWhenTheyShould() throws Exception {
    copy("monitoring/rules.yml", "rules.yml");
    copy("rules-test.yml", "rules-test.yml");
    assertThat(promtool("test", "rules", "rules-test.yml")).startsWith("0\n");
  }
}
