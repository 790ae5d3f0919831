package io.kubra.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterConfigurationTest {
  @TempDir Path folder;

  private ClusterConfiguration read(String yaml) throws IOException {
    Path file = folder.resolve("kubra.yaml");
    Files.writeString(file, yaml);
    return ClusterConfiguration.read(file);
  }

  @Test
  void everyKeyIsRead() throws IOException {
    ClusterConfiguration read =
        read(
            """
            # a small cluster
            workers: 3
            store: etcd
            disable: [console, alertmanager]
            privilegedRuntime: unrestricted
            featureGates:
              HPAScaleToZero: true
            apiServer:
              audit-policy-file: audit.yaml
              audit-log-maxsize: 20
            manifests: deploy
            """);

    assertThat(read.workers()).isEqualTo(3);
    assertThat(read.store()).isEqualTo(StateStore.ETCD);
    assertThat(read.parts().disabled()).containsExactly(Part.ALERTMANAGER, Part.CONSOLE);
    assertThat(read.privilegedRuntime()).isEqualTo(PrivilegedRuntime.UNRESTRICTED);
    assertThat(read.featureGates()).isEqualTo(Map.of("HPAScaleToZero", true));
    assertThat(read.manifests()).isEqualTo(folder.resolve("deploy"));
    assertThat(read.apiServer())
        .isEqualTo(
            Map.of(
                "audit-policy-file",
                folder.resolve("audit.yaml").toString(),
                "audit-log-maxsize",
                "20"));
  }

  @Test
  void flagsOfTheApiServerThatDoNotExistAreRefused() {
    assertThatThrownBy(() -> read("apiServer: {audit-policy: a}"))
        .hasMessageContaining(
            "line 1: unknown flag \"audit-policy\"; did you mean \"audit-policy-file\"?");
    assertThatThrownBy(() -> read("apiServer: {audit-log-maxsize: big}"))
        .hasMessageContaining("audit-log-maxsize: expected a number, not \"big\"");
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    ClusterConfiguration configuration =
        read(
            "{workers: 0, disable: 'monitoring,console', featureGates: {HPAScaleToZero: true, SidecarContainers: true}, manifests: /srv/manifests}");
    Path file = folder.resolve("configuration.json");
    configuration.write(file);

    assertThat(ClusterConfiguration.read(file)).isEqualTo(configuration);
  }

  @Test
  void anEmptyFileIsTheDefault() throws IOException {
    assertThat(read("")).isEqualTo(ClusterConfiguration.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "worker: 2|line 1: unknown key \"worker\"; did you mean \"workers\"?",
        "workers: two|line 1: expected a number, not \"two\"",
        "workers: 51|line 1: workers takes a number from 0 to 50, not 51",
        "store: mysql|line 1: expected embedded or etcd, not \"mysql\"",
        "disable: [consol]|line 1: there is no part \"consol\"; did you mean \"console\"?",
        "disable: [1]|line 1: expected names of parts, not 1",
        "featureGates: {A: maybe}|line 1: expected true or false for A, not \"maybe\"",
        "featureGates: {Nonsense: true}|line 1: unrecognized feature gate: Nonsense",
        "featureGates: {SidecarContainers: false}|line 1: cannot set feature gate SidecarContainers to false, feature is locked to true",
        "featureGates: on|line 1: expected gates with true or false, not true",
        "colour: red|line 1: unknown key \"colour\"; known are workers",
        "just words|expected keys and values, not string"
      })
  void whatIsNotUnderstoodIsRefused(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("kubra.yaml: " + message);
  }

  @Test
  void theLineOfAWrongKeyIsNamed() {
    assertThatThrownBy(() -> read("# comment\nworkers: 1\n\nprivilegedRuntim: sandboxed\n"))
        .hasMessageContaining(
            "line 4: unknown key \"privilegedRuntim\"; did you mean \"privilegedRuntime\"?");
  }

  @Test
  void aKeyGivenTwiceIsRefused() {
    assertThatThrownBy(() -> read("workers: 1\nworkers: 2\n"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("line 2: key \"workers\" already set in map");
  }

  @Test
  void aPartIsSwitchedWithItsMembers() {
    Parts without = Parts.DEFAULT.without(List.of(Part.MONITORING));

    assertThat(without.enabled(Part.MONITORING)).isFalse();
    assertThat(without.enabled(Part.PROMETHEUS)).isFalse();
    assertThat(without.enabled(Part.CONSOLE)).isTrue();
    assertThat(without.with(List.of(Part.PROMETHEUS)).enabled(Part.MONITORING)).isTrue();
    assertThat(without.with(List.of(Part.PROMETHEUS)).enabled(Part.ALERTMANAGER)).isFalse();
    assertThat(without.with(List.of(Part.MONITORING))).isEqualTo(Parts.DEFAULT);
  }

  @Test
  void onlyPackagesOfPartsThatAreOnAreNeeded() {
    ClusterConfiguration none = ClusterConfiguration.DEFAULT.withParts(Parts.NONE);

    assertThat(none.packages()).isEmpty();
    assertThat(none.withStore(StateStore.ETCD).packages())
        .extracting(DistributionPackage::name)
        .containsExactly("etcd-server");
    assertThat(ClusterConfiguration.DEFAULT.packages())
        .extracting(DistributionPackage::name)
        .contains("runsc", "prometheus", "prometheus-node-exporter", "prometheus-alertmanager");
  }
}
