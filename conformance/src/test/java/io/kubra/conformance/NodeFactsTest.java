package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.conformance.probe.NodeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that reads a node, run against prepared folders in place of a node's files. */
class NodeFactsTest {
  @TempDir private Path host;

  private void file(String path, String mode, String content) throws IOException {
    Path file = host.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private Map<String, Object> read() throws IOException, InterruptedException {
    Path script = host.resolve("script.sh");
    try (var in = NodeFacts.class.getResourceAsStream("node-facts.sh")) {
      Files.write(script, Objects.requireNonNull(in).readAllBytes());
    }
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString());
    builder.environment().put("HOST", host.toString());
    builder.environment().put("NETWORK", host.resolve("proc/1/net").toString());
    builder.environment().put("LINKS", host.resolve("links").toString());
    builder.redirectErrorStream(true).redirectOutput(host.resolve("out").toFile());
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String printed = Files.readString(host.resolve("out"));
    Map<String, Object> facts = NodeFacts.parse(printed);
    assertThat(NodeFacts.values(facts, "end")).as(printed).containsExactly("1");
    return facts;
  }

  @Test
  void filesAreListedWithModesAndOwners() throws Exception {
    file("etc/kubernetes/pki/ca.key", "rw-r-----", "x");
    file("var/lib/rancher/k3s/server/token", "rw-------", "x");
    assertThat(NodeFacts.values(read(), "file"))
        .anyMatch(f -> f.matches("640 \\d+ \\d+ /etc/kubernetes/pki/ca.key"))
        .anyMatch(f -> f.matches("600 \\d+ \\d+ /var/lib/rancher/k3s/server/token"))
        .anyMatch(f -> f.endsWith(" /etc/kubernetes/pki"));
  }

  @Test
  void argumentsAreReadAndSecretsAmongThemAreNot() throws Exception {
    file("proc/1/net/stat/x", "rw-------", "");
    Files.createDirectories(host.resolve("proc/7"));
    Files.createSymbolicLink(host.resolve("proc/7/net"), host.resolve("proc/1/net"));
    file("proc/7/comm", "rw-------", "kube-apiserver\n");
    file(
        "proc/7/cmdline",
        "rw-------",
        "kube-apiserver\0--audit-log-path=/a\0--bootstrap-token=abc\0--token\0def\0--token-auth-file=/t\0");
    file("proc/8/comm", "rw-------", "etcd\n");
    file("proc/8/cmdline", "rw-------", "etcd\0in another network\0");
    file("proc/8/net/stat/x", "rw-------", "");
    assertThat(NodeFacts.values(read(), "process"))
        .isEqualTo(
            List.of(
                "kube-apiserver\t--audit-log-path=/a\t--bootstrap-token=***\t--token\t***\t--token-auth-file=/t"));
  }

  @Test
  void openPortsAreThoseBeyondLoopback() throws Exception {
    file(
        "proc/1/net/tcp",
        "rw-------",
        """
          sl  local_address rem_address   st
           0: 00000000:192B 00000000:0000 0A 00000000:00000000
           1: 0100007F:2710 00000000:0000 0A 00000000:00000000
           2: 0100000A:0016 0200000A:D431 01 00000000:00000000
        """);
    file(
        "proc/1/net/tcp6",
        "rw-------",
        """
          sl  local_address                         remote_address                        st
           0: 00000000000000000000000000000000:280A 00000000000000000000000000000000:0000 0A
           1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A
           2: 0000000000000000FFFF00000100007F:1F91 00000000000000000000000000000000:0000 0A
        """);
    assertThat(NodeFacts.values(read(), "port")).containsExactlyInAnyOrder("6443", "10250");
  }

  @Test
  void runtimesTellTheirSpecification() throws Exception {
    file(
        "usr/sbin/runc",
        "rwx------",
        "#!/bin/sh\necho runc version 1.1.5\necho 'spec: 1.0.2-dev'\necho 'go: go1.19'\n");
    file(
        "opt/kata/bin/kata-runtime",
        "rwx------",
        "#!/bin/sh\necho 'kata-runtime  : 3.2.0'\necho '   OCI specs: 1.0.2'\n");
    file("opt/cni/bin/macvlan", "rwx------", "");
    Map<String, Object> facts = read();
    assertThat(NodeFacts.values(facts, "runtime"))
        .containsExactly("runc 1.0.2-dev", "kata-runtime 1.0.2");
    assertThat(NodeFacts.values(facts, "cni")).containsExactly("macvlan");
  }

  @Test
  void registriesWithoutTrustAreFound() throws Exception {
    file(
        "etc/containerd/certs.d/a/hosts.toml",
        "rw-------",
        "server = \"https://a\"\n[host.\"https://a\"]\n  skip_verify = true\n");
    file(
        "etc/rancher/k3s/registries.yaml",
        "rw-------",
        "mirrors:\n  b:\n    endpoint:\n      - \"http://b:5000\"\n");
    file(
        "etc/containers/registries.conf",
        "rw-------",
        "# insecure = true\nlocation = \"http://localhost:5000\"\n");
    Map<String, Object> facts = read();
    assertThat(NodeFacts.values(facts, "insecure-registry"))
        .containsExactly(
            "/etc/containerd/certs.d/a/hosts.toml: skip_verify = true",
            "/etc/rancher/k3s/registries.yaml: - \"http://b:5000\"");
    assertThat(NodeFacts.values(facts, "registry-file")).hasSize(3);
  }

  @Test
  void hardwareIsRead() throws Exception {
    file("proc/version", "rw-------", "Linux version 6.6.0 #1 SMP PREEMPT_RT x\n");
    file("proc/cmdline", "rw-------", "quiet isolcpus=2-3 rcu_nocbs=2-3\n");
    file("sys/block/dm-0/dm/uuid", "rw-------", "CRYPT-LUKS2-abc\n");
    file("sys/class/net/eth0/device/sriov_totalvfs", "rw-------", "8\n");
    file("links/wg0/uevent", "rw-------", "DEVTYPE=wireguard\n");
    file("sys/firmware/dmi/entries/9-0/raw", "rw-------", "\t\21\0\0\1\u00b6\r");
    Map<String, Object> facts = read();
    assertThat(NodeFacts.values(facts, "realtime")).containsExactly("yes");
    assertThat(NodeFacts.values(facts, "kernel-argument"))
        .containsExactly("isolcpus=2-3", "rcu_nocbs=2-3");
    assertThat(NodeFacts.values(facts, "encrypted-device")).containsExactly("dm-0");
    assertThat(NodeFacts.values(facts, "sriov-total")).containsExactly("8");
    assertThat(NodeFacts.values(facts, "wireguard")).containsExactly("wg0");
    assertThat(NodeFacts.values(facts, "slot")).hasSize(1);
  }
}
