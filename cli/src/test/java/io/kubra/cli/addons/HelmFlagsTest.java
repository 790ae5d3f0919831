package io.kubra.cli.addons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.release.ReleaseStore;
import io.kubra.api.json.Json;
import io.kubra.cli.config.Parts;
import io.kubra.client.ListOptions;
import io.kubra.client.ResourceClient;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.batch.v1.JobCondition;
import io.kubra.model.batch.v1.JobStatus;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.Secret;
import io.kubra.model.meta.v1.ObjectMeta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flags of {@code kubra helm} that do more than hand a word to the library. */
class HelmFlagsTest {
  private static final String JOB =
      """
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: {{ .Release.Name }}-job
        annotations:
          %s
      spec:
        backoffLimit: 0
        template:
          spec: {restartPolicy: Never, containers: [{name: main, image: none}]}
      """;

  @TempDir private static Path folder;
  private static TestingServer server;
  private static HelmProgram helm;
  private static Thread worker;

  @BeforeAll
  static void start() throws Exception {
    server = new TestingServer(folder.resolve("server"), Parts.NONE);
    helm = new HelmProgram(Files.createDirectories(folder.resolve("home")), server.kubeconfig());
    chart("plain", Map.of());
    chart("hooked", Map.of("job.yaml", JOB.formatted("\"helm.sh/hook\": pre-install,pre-upgrade")));
    chart("working", Map.of("job.yaml", JOB.formatted("a: b")));
    worker = Thread.ofVirtual().start(HelmFlagsTest::work);
  }

  @AfterAll
  static void stop() {
    worker.interrupt();
    server.close();
  }

  private static void chart(String name, Map<String, String> templates) throws IOException {
    Map<String, String> files = TestChart.files(name, "1.0.0");
    templates.forEach((file, text) -> files.put(name + "/templates/" + file, text));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve("home").resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  /** Plays the nodes: Jobs succeed, except in namespaces whose names end in {@code -bad}. */
  private static void work() {
    ResourceClient<Job> jobs = server.client().resource(Job.RESOURCE);
    while (!Thread.currentThread().isInterrupted()) {
      try {
        for (Job job : jobs.list("", ListOptions.ALL).items()) {
          boolean good = !job.metadata().namespace().endsWith("-bad");
          if (job.status().conditions().isEmpty()) {
            finish(jobs, job, good);
          }
        }
        Thread.sleep(100);
      } catch (io.kubra.api.status.ApiException e) {
        // Changed meanwhile: looked at again.
        continue;
      } catch (InterruptedException | java.io.UncheckedIOException e) {
        return;
      }
    }
  }

  private static void finish(ResourceClient<Job> jobs, Job job, boolean good) {
    Instant now = Instant.now();
    List<JobCondition> conditions =
        (good ? List.of("SuccessCriteriaMet", "Complete") : List.of("FailureTarget", "Failed"))
            .stream()
                .map(
                    type ->
                        JobCondition.builder()
                            .type(type)
                            .status("True")
                            .reason("Test")
                            .lastTransitionTime(now)
                            .build())
                .toList();
    JobStatus.Builder status =
        job.status().toBuilder().startTime(now).active(0).ready(0).conditions(conditions);
    if (good) {
      status.completionTime(now).succeeded(1);
    }
    var unused = jobs.updateStatus(job.withStatus(status.build()));
  }

  private static ReleaseStore releases(String namespace) {
    return new ReleaseStore(server.client(), namespace);
  }

  private static Object values(String namespace, String name) {
    return Json.parse(
        server
            .client()
            .resource(ConfigMap.RESOURCE)
            .get(namespace, name)
            .data()
            .get("values")
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void valuesFromJsonFilesAndLiteralsMeetInTheirOrder() throws Exception {
    Path home = folder.resolve("home");
    Files.writeString(home.resolve("v.yaml"), "{a: {b: file, list: [{x: 1}, 2]}, over: file}");
    Files.writeString(home.resolve("text"), "a,b={c}\n");
    helm.run(
        "install",
        "v",
        "./plain",
        "-n",
        "values",
        "--create-namespace",
        "-f",
        "v.yaml",
        "--set-json",
        "a.list[0].y={\"z\":[1,null]},over=\"json\"",
        "--set-json",
        "{\"o\":{\"p\":true}}",
        "--set",
        "over=set",
        "--set-literal",
        "lit=a,b={c}.[d]",
        "--set-file",
        "file=text");
    assertThat(values("values", "v"))
        .isEqualTo(
            Json.parse(
                """
                {"a":{"b":"file","list":[{"x":1,"y":{"z":[1,null]}},2]},"over":"set",
                 "o":{"p":true},"lit":"a,b={c}.[d]","file":"a,b={c}\\n"}
                """
                    .getBytes(StandardCharsets.UTF_8)));
    assertThat(helm.fail("template", "./plain", "--set-json", "a=[1"))
        .startsWith("Error: failed parsing --set-json data");
  }

  @Test
  void labelsStayOnTheReleaseUntilTheyAreTakenAway() {
    helm.run("install", "l", "./plain", "-n", "labels", "--create-namespace", "-l", "a=1,b=2");
    helm.run("upgrade", "l", "./plain", "-n", "labels", "--labels", "a=null,c=3");
    Map<String, String> labels =
        server
            .client()
            .resource(Secret.RESOURCE)
            .get("labels", "sh.helm.release.v1.l.v2")
            .metadata()
            .labels();
    assertThat(labels).containsEntry("b", "2").containsEntry("c", "3").doesNotContainKey("a");
    assertThat(helm.fail("upgrade", "l", "./plain", "-n", "labels", "-l", "owner=me"))
        .contains("system reserved label name");
  }

  @Test
  void hooksAreJobsThatAreWaitedForUnlessTheyAreSwitchedOff() {
    ResourceClient<Job> jobs = server.client().resource(Job.RESOURCE);
    helm.run("install", "h", "./hooked", "-n", "hooks", "--create-namespace");
    assertThat(jobs.find("hooks", "h-job")).isPresent();
    assertThat(helm.fail("install", "h", "./hooked", "-n", "hooks-bad", "--create-namespace"))
        .startsWith("Error: INSTALLATION FAILED: failed pre-install: ");

    helm.run("install", "s", "./hooked", "-n", "silent", "--create-namespace", "--no-hooks");
    assertThat(jobs.find("silent", "s-job")).isEmpty();
    Release stored = releases("silent").last("s");
    assertThat(stored.hooks()).extracting(hook -> hook.name()).containsExactly("s-job");
    assertThat(String.valueOf(stored.tree())).doesNotContain("kubra-none", "hOOk");
    helm.run("upgrade", "s", "./hooked", "-n", "silent");
    assertThat(jobs.find("silent", "s-job")).as("hooks of an upgrade with hooks").isPresent();
  }

  @Test
  void jobsOfTheReleaseAreWaitedForAndTheirFailureUndoesAnAtomicChange() {
    helm.run(
        "install",
        "j",
        "./working",
        "-n",
        "jobs",
        "--create-namespace",
        "--wait",
        "--wait-for-jobs");
    assertThat(releases("jobs").last("j").status()).isEqualTo("deployed");

    assertThat(
            helm.fail(
                "install",
                "j",
                "./working",
                "-n",
                "jobs-bad",
                "--create-namespace",
                "--wait",
                "--wait-for-jobs"))
        .contains("job is failed: jobs-bad/j-job");
    assertThat(releases("jobs-bad").last("j").status()).isEqualTo("failed");
    assertThat(
            helm.fail("install", "k", "./working", "-n", "jobs-bad", "--atomic", "--wait-for-jobs"))
        .contains("release k failed, and has been uninstalled due to atomic being set");
    assertThat(releases("jobs-bad").history("k")).isEmpty();

    helm.run("uninstall", "j", "-n", "jobs", "--wait");
    assertThat(server.client().resource(ConfigMap.RESOURCE).find("jobs", "j")).isEmpty();
  }

  @Test
  void objectsOfOthersAreTakenOverOnlyWhenTold() {
    helm.run("install", "one", "./plain", "-n", "owned", "--create-namespace");
    server
        .client()
        .resource(ConfigMap.RESOURCE)
        .create(
            ConfigMap.builder()
                .metadata(ObjectMeta.builder().namespace("owned").name("two").build())
                .build());
    assertThat(helm.fail("install", "two", "./plain", "-n", "owned"))
        .contains("exists and cannot be imported into the current release");
    helm.run("install", "two", "./plain", "-n", "owned", "--take-ownership", "--set", "v=1");
    assertThat(values("owned", "two")).isEqualTo(Map.of("v", 1L));
  }

  @Test
  void atomicUpgradesThatFailLeaveTheRevisionBefore() {
    helm.run("install", "a", "./plain", "-n", "atomic", "--create-namespace", "--set", "v=1");
    assertThat(
            helm.fail("upgrade", "a", "./hooked", "-n", "atomic", "--atomic", "--set", "fail=no"))
        .contains("no");
    assertThat(values("atomic", "a")).isEqualTo(Map.of("v", 1L));
  }

  @Test
  void templatesAreShownOneByOneAndWrittenToFiles() throws Exception {
    assertThat(helm.run("template", "./hooked", "-s", "templates/job.yaml"))
        .contains("kind: Job")
        .doesNotContain("ConfigMap");
    assertThat(helm.fail("template", "./hooked", "-s", "templates/no.yaml"))
        .isEqualTo("Error: could not find template templates/no.yaml in chart\n");
    helm.run("template", "./hooked", "--output-dir", "out");
    assertThat(folder.resolve("home/out/hooked/templates/values.yaml"))
        .content()
        .contains("kind: ConfigMap");
  }

  @Test
  void theContextOfAKubeconfigIsChosen() throws Exception {
    String text = Files.readString(server.kubeconfig());
    Path file = folder.resolve("home/two");
    Files.writeString(file, text.replace("current-context: test", "current-context: absent"));
    await().until(() -> Files.exists(file));
    assertThat(helm.run("list", "-A", "--kubeconfig", "two", "--kube-context", "test"))
        .startsWith("NAME");
    assertThat(helm.fail("list", "--kubeconfig", "two", "--kube-context", "nope"))
        .contains("context \"nope\" does not exist");
    assertThat(helm.run("env", "HELM_NAMESPACE")).isEqualTo("default\n");
  }
}
