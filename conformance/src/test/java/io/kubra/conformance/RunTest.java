package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.area.Areas;
import io.kubra.conformance.catalogue.Catalogue;
import io.kubra.conformance.catalogue.Requirement;
import io.kubra.conformance.check.Failures;
import io.kubra.conformance.report.Reports;
import io.kubra.conformance.verdict.Report;
import io.kubra.conformance.verdict.Verdict;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
  @Test
  void theCatalogueHasEveryRowOnce() {
    List<Requirement> all = Catalogue.read().all();
    assertThat(all).hasSize(351);
    assertThat(all.stream().filter(r -> !r.operated())).hasSize(340);
    assertThat(Areas.rows().keys()).allSatisfy(key -> Catalogue.read().get(key));
  }

  @Test
  void anIdThatTwoRowsShareSelectsBothAndAnUnknownOneNone() {
    Catalogue catalogue = Catalogue.read();
    assertThat(catalogue.select(List.of(), List.of("ra2.k8s.012"))).hasSize(2);
    assertThatThrownBy(() -> catalogue.select(List.of(), List.of("ra2.k8s.999")))
        .hasMessageContaining("ra2.k8s.999");
    assertThatThrownBy(() -> catalogue.select(List.of("xyz"), List.of()))
        .hasMessageContaining("the areas are");
  }

  @Test
  void refusalsAreNotFailures() {
    assertThat(Failures.verdict(ApiException.forbidden("", "nodes", "", "no right")))
        .isInstanceOfSatisfying(
            Verdict.NotCheckable.class, v -> assertThat(v.cause()).isEqualTo(Verdict.Cause.RIGHTS));
    assertThat(Failures.verdict(ApiException.notFound("", "nodes", "x")))
        .isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void allReportsAreWellFormed(@TempDir Path folder) throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      cluster
          .namespace("shop")
          .deployment("shop", "web", "{containers: [{name: c, image: \"a<b&c\"}]}");
      Report report = cluster.run("basic", "ra2.app.034", "ra2.app.007", "ra2.k8s.006", "x.sec.32");
      Reports.write(report, folder);
    }
    Object json = Json.parse(Files.readAllBytes(folder.resolve("conformance.json")));
    assertThat(Trees.integer(json, "counts", "fail")).isEqualTo(1);
    assertThat(Trees.bool(json, "conforms")).isFalse();

    Object sarif = Json.parse(Files.readAllBytes(folder.resolve("conformance.sarif")));
    assertThat(Trees.string(sarif, "version")).isEqualTo("2.1.0");
    Object run = Trees.list(sarif, "runs").getFirst();
    assertThat(Trees.string(run, "tool", "driver", "name")).isNotEmpty();
    assertThat(Trees.maps(run, "results")).hasSize(4);
    assertThat(Trees.maps(run, "results"))
        .allSatisfy(
            r -> {
              assertThat(Trees.string(r, "message", "text")).isNotEmpty();
              boolean failed = "fail".equals(Trees.string(r, "kind"));
              assertThat("none".equals(Trees.string(r, "level"))).isEqualTo(!failed);
            });

    Object oscal = Json.parse(Files.readAllBytes(folder.resolve("oscal.json")));
    Object root = Trees.get(oscal, "assessment-results");
    for (String field : List.of("uuid", "metadata", "import-ap", "results")) {
      assertThat(Trees.get(root, field)).as(field).isNotNull();
    }
    Object result = Trees.list(root, "results").getFirst();
    assertThat(Trees.maps(result, "observations")).hasSize(4);
    assertThat(Trees.maps(result, "findings")).hasSize(2);

    File junit = folder.resolve("junit.xml").toFile();
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(junit);
    assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo(4);
    assertThat(document.getElementsByTagName("failure").getLength()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("conformance.html")))
        .contains("a&lt;b&amp;c")
        .doesNotContain("http://")
        .doesNotContain("<script");
  }
}
