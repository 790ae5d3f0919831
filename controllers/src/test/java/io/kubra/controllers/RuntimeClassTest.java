package io.kubra.controllers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.core.v1.Node;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.node.v1.RuntimeClass;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The runtimes that nodes report become RuntimeClasses. */
class RuntimeClassTest {
  @AutoClose private static final ControlledCluster cluster = new ControlledCluster();
  private static final ResourceClient<Node> nodes = cluster.resource(Node.RESOURCE);

  private static void report(String node, String handlers) {
    nodes.patch(
        "",
        node,
        PatchType.MERGE,
        "{\"status\":{\"runtimeHandlers\":%s}}".formatted(handlers).getBytes(UTF_8),
        "status");
  }

  @Test
  void handlersBecomeClassesAndLabelsThatTheClassesSelect() {
    nodes.create(Node.builder().metadata(ObjectMeta.builder().name("boxes").build()).build());
    report("boxes", "[{\"name\":\"runc\"},{\"name\":\"runsc\"},{\"name\":\"strange\"}]");

    ResourceClient<RuntimeClass> classes = cluster.resource(RuntimeClass.RESOURCE);
    await()
        .untilAsserted(
            () -> {
              RuntimeClass gvisor = classes.find("", "gvisor").orElseThrow();
              assertThat(gvisor.handler()).isEqualTo("runsc");
              assertThat(gvisor.overhead().podFixed()).containsEntry("memory", "64Mi");
              assertThat(nodes.get("", "boxes").metadata().labels())
                  .containsAllEntriesOf(gvisor.scheduling().nodeSelector())
                  .containsEntry("runtime.kubra.io/strange", "true");
            });
    assertThat(classes.find("", "strange")).isEmpty();

    report("boxes", "[{\"name\":\"runc\"}]");

    await()
        .untilAsserted(
            () ->
                assertThat(nodes.get("", "boxes").metadata().labels())
                    .containsKey("runtime.kubra.io/runc")
                    .doesNotContainKey("runtime.kubra.io/runsc"));
  }
}
