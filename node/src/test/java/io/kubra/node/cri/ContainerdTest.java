package io.kubra.node.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.node.cri.v1.Cri;
import io.kubra.node.testing.TestingContainerd;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerdTest {
  private TestingContainerd containerd;
  private CriClient cri;

  @BeforeAll
  void start() throws Exception {
    String missing = TestingContainerd.missing().orElse("");
    assumeTrue(missing.isEmpty(), "no containerd for tests: " + missing);
    containerd = TestingContainerd.start();
    cri = CriClient.connect(containerd.socket());
  }

  @AfterAll
  void stop() throws Exception {
    if (containerd != null) {
      cri.close();
      containerd.close();
    }
  }

  @Test
  void aContainerRunsAndItsEndIsAnnounced() {
    List<String> changed = new CopyOnWriteArrayList<>();
    Cri.PodSandboxConfig sandboxConfig = sandbox("announced");
    try (RuntimeEvents events = new RuntimeEvents(cri, changed::add, id -> {})) {
      await().until(events::following);
      String sandbox = cri.runPodSandbox(sandboxConfig, "");
      String container =
          cri.createContainer(
              sandbox,
              Cri.ContainerConfig.newBuilder()
                  .setMetadata(Cri.ContainerMetadata.newBuilder().setName("c"))
                  .setImage(Cri.ImageSpec.newBuilder().setImage(TestingContainerd.BUSYBOX))
                  .addAllCommand(List.of("sh", "-c", "exit 3"))
                  .setLogPath("c.log")
                  .build(),
              sandboxConfig);
      cri.startContainer(container);
      await().untilAsserted(() -> assertThat(changed).contains(container));
      await()
          .untilAsserted(
              () -> assertThat(cri.containerStatus(container).getExitCode()).isEqualTo(3));
      assertThat(cri.podSandboxStatus(sandbox).getNetwork().getIp())
          .startsWith(containerd.podNetwork());
    }
  }

  @Test
  void refusalsCarryTheRuntimesCode() {
    CriException e = catchThrowableOfType(CriException.class, () -> cri.containerStatus("nothing"));
    assertThat(e.notFound()).isTrue();
    assertThat(e).hasMessageStartingWith("rpc error: code = NotFound desc = ");
    assertThat(cri.image("registry.test/absent:1")).isNull();
    assertThat(cri.podSandboxes(Map.of("no", "such"))).isEmpty();
  }

  private Cri.PodSandboxConfig sandbox(String name) {
    return Cri.PodSandboxConfig.newBuilder()
        .setMetadata(
            Cri.PodSandboxMetadata.newBuilder().setName(name).setUid(name).setNamespace("default"))
        .setLogDirectory(containerd.directory().resolve("logs-" + name).toString())
        .setLinux(Cri.LinuxPodSandboxConfig.newBuilder())
        .build();
  }
}
