package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The check of a whole cluster against RA2. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ConformanceRunTest {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  @TempDir Path reports;

  private static Command.Result conformance(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "conformance";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--name";
    all[arguments.length + 2] = CLUSTER.name();
    return CLUSTER.kubra().attempt("", all);
  }

  @Test
  void aFewRowsAreDecidedAndNothingStaysBehind() {
    Command.Result result = conformance("--id", "x.sec.35,ra2.stg.004");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).contains("2/2 pass", "0 binding requirements fail");
    assertThat(conformance("--id", "ra2.nothing.999").exitCode()).isEqualTo(2);
  }

  @Test
  void aWholeRunDecidesEveryRowAndWritesEveryReport() throws Exception {
    Command.Result result = conformance("--output", reports.toString());

    assertThat(result.output())
        .containsPattern("\\d+ binding requirements? fails?|binding requirements fail");
    boolean fails = !result.output().contains("\n0 binding requirements fail");
    assertThat(result.exitCode()).as(result.output()).isEqualTo(fails ? 1 : 0);
    for (String file :
        new String[] {
          "conformance.html", "conformance.json", "conformance.sarif", "junit.xml", "oscal.json"
        }) {
      assertThat(Files.size(reports.resolve(file))).as(file).isGreaterThan(1000);
    }
    assertThat(CLUSTER.kubectl().run("get", "namespaces", "-o", "name"))
        .doesNotContain("kubra-conformance-");
  }
}
