package io.kubra.apiserver.pki;

import java.util.ArrayList;
import java.util.List;

/** What the certificates of the cluster's own parts say: who they are and what they may do. */
public final class ClusterIdentities {
  private ClusterIdentities() {}

  /** The administrator, who may do everything, whatever RBAC says. */
  public static CertificateProfile admin() {
    return CertificateProfile.client("kubernetes-admin", "system:masters");
  }

  public static CertificateProfile controllerManager() {
    return CertificateProfile.client("system:kube-controller-manager");
  }

  public static CertificateProfile scheduler() {
    return CertificateProfile.client("system:kube-scheduler");
  }

  public static CertificateProfile proxy() {
    return CertificateProfile.client("system:kube-proxy");
  }

  /** A node's agent towards the API server. */
  public static CertificateProfile node(String nodeName) {
    return CertificateProfile.client("system:node:" + nodeName, "system:nodes");
  }

  /** A node's own API. */
  public static CertificateProfile kubeletServing(
      String nodeName, List<String> dnsNames, List<String> ipAddresses) {
    return CertificateProfile.server(
        DistinguishedName.of("system:node:" + nodeName, "system:nodes"), dnsNames, ipAddresses);
  }

  /** The API server towards the nodes' API. */
  public static CertificateProfile apiServerKubeletClient() {
    return CertificateProfile.client("kube-apiserver-kubelet-client", "system:masters");
  }

  /** The API server towards aggregated API servers. */
  public static CertificateProfile frontProxyClient() {
    return CertificateProfile.client("front-proxy-client");
  }

  /**
   * The API server itself; the names by which pods know it are added to the given ones.
   *
   * @param clusterDomain usually {@code cluster.local}
   */
  public static CertificateProfile apiServer(
      String clusterDomain, List<String> dnsNames, List<String> ipAddresses) {
    List<String> names =
        new ArrayList<>(
            List.of(
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc." + clusterDomain,
                "localhost"));
    names.addAll(dnsNames);
    List<String> addresses = new ArrayList<>(List.of("127.0.0.1"));
    addresses.addAll(ipAddresses);
    return CertificateProfile.server(DistinguishedName.of("kube-apiserver"), names, addresses);
  }
}
