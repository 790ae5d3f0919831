package io.kubra.cli.local;

import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.Credentials;
import io.kubra.apiserver.pki.DistinguishedName;
import io.kubra.cli.CliException;
import io.kubra.cli.config.StateStore;
import io.kubra.store.StoreException;
import io.kubra.store.etcd.EtcdConfig;
import io.kubra.store.etcd.EtcdStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The etcd of a cluster that keeps its objects there: the distribution's, on loopback. It has an
 * authority of its own, because whoever reads etcd reads every secret: certificates that open the
 * API must not open etcd.
 */
final class Etcd {
  private static final String LOOPBACK = "127.0.0.1";

  private Etcd() {}

  /** The program, if the cluster wants it. */
  static List<ManagedProgram> programs(LocalCluster cluster) {
    return cluster.configuration().store() == StateStore.ETCD
        ? List.of(program(cluster))
        : List.of();
  }

  /** How the server reaches it. */
  static EtcdConfig config(LocalCluster cluster) {
    return new EtcdConfig(
        List.of(URI.create("https://" + LOOPBACK + ":" + cluster.etcdPort())),
        pki(cluster).resolve("ca.crt"),
        pki(cluster).resolve("apiserver-etcd-client.crt"),
        pki(cluster).resolve("apiserver-etcd-client.key"));
  }

  private static Path pki(LocalCluster cluster) {
    return cluster.serverData().resolve("etcd-pki");
  }

  private static ManagedProgram program(LocalCluster cluster) {
    ManagedProgram.Builder etcd = ManagedProgram.onHost(cluster, "etcd");
    String client = "https://" + LOOPBACK + ":" + cluster.etcdPort();
    String peer = "https://" + LOOPBACK + ":" + (cluster.etcdPort() + 1);
    Path conf = etcd.conf();
    return etcd.user("etcd")
        .stage(ManagedProgram.Stage.BEFORE_SERVER)
        .command(
            List.of(
                "etcd",
                "--name=" + cluster.controlPlaneNode(),
                "--data-dir=" + etcd.data(),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + cluster.controlPlaneNode() + "=" + peer,
                "--client-cert-auth=true",
                "--trusted-ca-file=" + conf.resolve("ca.crt"),
                "--cert-file=" + conf.resolve("server.crt"),
                "--key-file=" + conf.resolve("server.key"),
                "--peer-client-cert-auth=true",
                "--peer-trusted-ca-file=" + conf.resolve("ca.crt"),
                "--peer-cert-file=" + conf.resolve("server.crt"),
                "--peer-key-file=" + conf.resolve("server.key")))
        .prepare(folder -> certificates(cluster, folder))
        .ready(() -> answers(cluster))
        .build();
  }

  private static void certificates(LocalCluster cluster, Path conf) {
    try (ClusterPki pki = ClusterPki.open(pki(cluster))) {
      Credentials server =
          pki.certificate(
                  "server",
                  new CertificateProfile(
                      DistinguishedName.of("etcd"),
                      // As a client towards its peers and its own gateway.
                      Set.of(CertificateProfile.Usage.SERVER, CertificateProfile.Usage.CLIENT),
                      List.of("localhost"),
                      List.of(LOOPBACK),
                      CertificateProfile.LEAF_VALIDITY,
                      false))
              .get();
      pki.certificate(
          "apiserver-etcd-client", CertificateProfile.client("kube-apiserver-etcd-client"));
      Files.copy(
          pki.authorityFile(),
          conf.resolve("ca.crt"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(conf.resolve("server.crt"), server.certificatePem());
      Files.writeString(conf.resolve("server.key"), server.keyPem());
    } catch (IOException e) {
      throw new CliException("cannot write etcd's certificates: " + e.getMessage());
    }
  }

  private static boolean answers(LocalCluster cluster) {
    try (Socket socket = new Socket(InetAddress.ofLiteral(LOOPBACK), cluster.etcdPort())) {
      // Only a whole call tells that it has a leader; it waits for one.
      EtcdStore.open(config(cluster)).close();
      return true;
    } catch (IOException | StoreException e) {
      return false;
    }
  }
}
