package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows on machines and volumes, each with facts that keep it and facts that do not. */
class MachineTest {
  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void wideSlotsAreCounted() throws Exception {
    cluster.facts("vm", "virtual=yes");
    assertThat(cluster.found("ra2.ch.016")).startsWith("not applicable: all nodes are virtual");
    cluster.facts("silent", "virtual=no");
    assertThat(cluster.found("ra2.ch.016")).startsWith("not checkable: ");
    String[] eight = new String[8];
    java.util.Arrays.fill(eight, "slot=182 13");
    cluster.facts("few", "virtual=no", "slot=182 13", "slot=165 13", "slot=180 10");
    assertThat(cluster.found("ra2.ch.016")).isEqualTo("fail: few has 1 wide PCIe slots of 3");
    try (TestCluster good = new TestCluster().facts("many", eight)) {
      assertThat(good.found("ra2.ch.016")).isEqualTo("pass");
    }
  }

  @Test
  void fastPathsNeedTheirDrivers() throws Exception {
    cluster.facts("fast", "nic-driver=ice");
    assertThat(cluster.found("ra2.ch.019")).startsWith("not applicable: ");
    cluster.node("fast", "{}", "{allocatable: {afxdp.example/pool: 2}}");
    assertThat(cluster.found("ra2.ch.019")).isEqualTo("pass");
    cluster
        .node("m", "{}", "{allocatable: {afxdp.example/pool: 2}}")
        .facts("m", "nic-driver=e1000");
    assertThat(cluster.found("ra2.ch.019")).isEqualTo("fail: m has NICs with [e1000]");
  }

  @Test
  void realTimeNodesSetProcessorsApart() throws Exception {
    cluster.facts("plain", "end=1");
    assertThat(cluster.found("ra2.ch.020")).startsWith("not applicable: ");
    cluster
        .node("rt", "{kubra.io/flavour: rt-tsn}", "{}")
        .facts(
            "rt",
            "realtime=yes",
            "kernel-argument=isolcpus=1-3",
            "kernel-argument=nohz_full=1-3",
            "kernel-argument=rcu_nocbs=1-3");
    assertThat(cluster.found("ra2.ch.020")).isEqualTo("pass");
    cluster
        .node("slow", "{kubra.io/flavour: rt-tsn}", "{}")
        .facts("slow", "kernel-argument=isolcpus=1", "kernel-argument=nohz_full=1");
    assertThat(cluster.found("ra2.ch.020"))
        .isEqualTo(
            "fail: slow does not run a real-time kernel; slow was started without rcu_nocbs=");
  }

  @Test
  void runtimesFollowTheSpecification() throws Exception {
    cluster.facts("n", "runtime=runc 1.0.2-dev", "runtime=crun");
    assertThat(cluster.found("ra2.crt.001")).isEqualTo("pass");
    cluster.facts("none", "end=1");
    assertThat(cluster.found("ra2.crt.001")).startsWith("not checkable: ").endsWith("on none");
    cluster.facts("old", "runtime=runc 0.9.0");
    assertThat(cluster.found("ra2.crt.001")).isEqualTo("fail: old: runc follows 0.9.0");
  }

  private void volume(String name, String spec) {
    cluster.with(
        "/api/v1/persistentvolumes",
        "{apiVersion: v1, kind: PersistentVolume, metadata: {name: %s}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], %s}}"
            .formatted(name, spec));
  }

  @Test
  void storageFromOutsideIsMounted() throws Exception {
    assertThat(cluster.found("ra2.stg.003")).startsWith("not applicable: ");
    volume("remote", "nfs: {server: s, path: /p}, claimRef: {namespace: shop, name: data}");
    assertThat(cluster.found("ra2.stg.003"))
        .isEqualTo("not checkable: offered is [nfs], and no ready pod mounts a volume of it");
    cluster.namespace("shop");
    cluster.with(
        "/api/v1/namespaces/shop/pods",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: user, namespace: shop}
        spec:
          containers: [{name: c, image: i}]
          volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
        status: {conditions: [{type: Ready, status: "True"}]}
        """);
    assertThat(cluster.found("ra2.stg.003")).isEqualTo("pass");
    volume("lost", "nfs: {server: s, path: /q}");
    cluster
        .node()
        .patchStatus("/api/v1/persistentvolumes/lost", "{phase: Failed, message: no route}");
    assertThat(cluster.found("ra2.stg.003")).isEqualTo("fail: lost failed: no route");
  }

  @Test
  void encryptionIsOfferedByClasses() throws Exception {
    cluster.facts("n", "encrypted-device=dm-0");
    assertThat(cluster.found("ra2.stg.009")).startsWith("not applicable: ");
    cluster.with(
        "/apis/storage.k8s.io/v1/storageclasses",
        "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: sealed}, provisioner: p, parameters: {encrypted: \"true\"}}");
    assertThat(cluster.found("ra2.stg.009")).startsWith("not checkable: offered by [sealed]");
    volume("v", "storageClassName: sealed, hostPath: {path: /x}");
    assertThat(cluster.found("ra2.stg.009")).isEqualTo("pass");
  }
}
