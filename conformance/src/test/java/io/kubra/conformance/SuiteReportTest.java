package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.conformance.suite.SuiteReport;
import io.kubra.conformance.suite.SuiteReports;
import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteReportTest {
  private static final String XML =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites tests="6" failures="1">
        <testsuite name="Kubernetes e2e suite" package="/tmp" tests="6">
          <properties><property name="FocusStrings" value="x"></property></properties>
          <testcase name="[SynchronizedBeforeSuite]" classname="Kubernetes e2e suite" status="passed" time="1"></testcase>
          <testcase name="[It] [sig-node] Pods should be submitted [Conformance]" status="passed" time="2"><system-err>a &lt; b</system-err></testcase>
          <testcase name="[It] [sig-node] Probing should restart" status="passed" time="2"></testcase>
          <testcase name="[It] [sig-apps] Job should delete a job [Conformance]" status="failed" time="9"><failure message="timed out&#xA;waiting" type="failed">stack</failure></testcase>
          <testcase name="[It] [sig-storage] vSphere [Feature:vsphere]" status="skipped" time="0"><skipped message="skipped"></skipped></testcase>
          <testcase name="[It] [sig-node] PodLifecycleSleepAction [Feature:PodLifecycleSleepAction]" status="passed" time="2"></testcase>
        </testsuite>
      </testsuites>
      """;

  @TempDir private Path folder;

  private SuiteReport read(String xml) throws IOException {
    return SuiteReports.read(Files.writeString(folder.resolve("junit_01.xml"), xml));
  }

  @Test
  void rowsPassOrFailByTheTestsOfTheirGroupAndLabel() throws IOException {
    SuiteReport report = read(XML);
    assertThat(report.tests()).hasSize(6);
    assertThat(report.verdict("node", "Conformance")).isInstanceOf(Verdict.Pass.class);
    assertThat(report.verdict("apps", "Conformance"))
        .isInstanceOfSatisfying(
            Verdict.Fail.class,
            f ->
                assertThat(f.breaches())
                    .containsExactly(
                        "[It] [sig-apps] Job should delete a job [Conformance]: timed out\nwaiting"));
    assertThat(report.verdict("node", "None").evidence())
        .singleElement()
        .asString()
        .contains(" 1 tests ");
  }

  @Test
  void whatWasSkippedOrIsNotThereStaysOpen() throws IOException {
    SuiteReport report = read(XML);
    assertThat(report.verdict("storage", "Feature:vsphere"))
        .isInstanceOfSatisfying(
            Verdict.NotCheckable.class, v -> assertThat(v.reason()).contains("1 were skipped"));
    assertThat(report.verdict("auth", "Conformance")).isInstanceOf(Verdict.NotCheckable.class);
  }

  @Test
  void aRunTakesItsRowsFromTheReport() throws IOException {
    try (TestCluster cluster = new TestCluster()) {
      assertThat(cluster.run("x.sig.apps.conformance").verdict())
          .isInstanceOfSatisfying(
              Verdict.NotCheckable.class,
              v -> assertThat(v.cause()).isEqualTo(Verdict.Cause.SUITE));
      Outcome failed = cluster.with(read(XML)).run("x.sig.apps.conformance");
      assertThat(failed.breach()).isTrue();
      assertThat(failed.remediation()).isNotEmpty();
      assertThat(cluster.run("x.sig.node.podlifecyclesleepaction").verdict())
          .isInstanceOf(Verdict.Pass.class);
    }
  }

  @Test
  void aRowWithAProbeFailsByEither() throws IOException {
    String xml =
        XML.replace(
            "[sig-apps] Job should delete a job [Conformance]",
            "[sig-network] CIDRs [Feature:ServiceCIDRs]");
    try (TestCluster cluster = new TestCluster()) {
      assertThat(cluster.run("x.sig.network.servicecidrs").verdict())
          .isInstanceOf(Verdict.Pass.class);
      assertThat(cluster.with(read(xml)).run("x.sig.network.servicecidrs").verdict())
          .isInstanceOf(Verdict.Fail.class);
    }
  }

  /** A file in a tar archive, in the form of GNU and POSIX, name and size only. */
  private static byte[] entry(String name, char type, byte[] content) {
    byte[] block = new byte[512 + (content.length + 511) / 512 * 512];
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, 0, Math.min(100, bytes.length));
    byte[] size = "%011o".formatted(content.length).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(size, 0, block, 124, size.length);
    block[156] = (byte) type;
    System.arraycopy(content, 0, block, 512, content.length);
    return block;
  }

  private Path archive(byte[]... entries) throws IOException {
    Path file = folder.resolve("sonobuoy.tar.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (byte[] entry : entries) {
        out.write(entry);
      }
      out.write(new byte[1024]);
    }
    return file;
  }

  @Test
  void theArchiveThatSonobuoyRetrievesIsReadToo() throws IOException {
    byte[] xml = XML.getBytes(StandardCharsets.UTF_8);
    String name = "plugins/e2e/results/global/junit_01.xml";
    String path = "path=" + "long/".repeat(30) + name + "\n";
    byte[] other = "not xml".getBytes(StandardCharsets.UTF_8);
    assertThat(
            SuiteReports.read(
                    archive(
                        entry("plugins/", '5', new byte[0]),
                        entry("podlogs/junit_01.xml", '0', other),
                        entry("./" + name, '0', xml)))
                .tests())
        .hasSize(6);
    assertThat(
            SuiteReports.read(
                    archive(
                        entry(
                            "pax",
                            'x',
                            ((path.length() + 4) + " " + path).getBytes(StandardCharsets.UTF_8)),
                        entry("short", '0', xml)))
                .tests())
        .hasSize(6);
  }

  @Test
  void whatIsNoReportIsRefusedInOneLine() throws IOException {
    assertThatThrownBy(() -> read("hello")).hasMessageContaining("not JUnit XML");
    assertThatThrownBy(() -> read("<testsuites/>")).hasMessageContaining("no test");
    assertThatThrownBy(() -> SuiteReports.read(folder.resolve("missing")))
        .hasMessage("there is no such file");
    byte[] cut = Arrays.copyOf(entry("a", '0', new byte[2000]), 700);
    assertThatThrownBy(() -> SuiteReports.read(archive(cut))).isInstanceOf(IOException.class);
    // Entities of others are not followed.
    assertThatThrownBy(
            () ->
                read(
                    "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><testsuite><testcase"
                        + " name=\"[sig-node] x\">&e;</testcase></testsuite>"))
        .isInstanceOf(IOException.class);
  }
}
