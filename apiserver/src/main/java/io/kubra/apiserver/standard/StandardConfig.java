package io.kubra.apiserver.standard;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * What differs from one cluster's API server to another's.
 *
 * @param pki the folder of the cluster's authorities, certificates and keys
 * @param bind where to listen
 * @param advertiseAddress the address under which pods and nodes reach the server
 * @param serviceCidr the network of cluster IPs
 * @param clusterDomain the cluster's DNS domain
 * @param serverAddresses further addresses that the server's certificate shall be good for
 * @param unrestrictedPrivileged whether privileged pods may run outside of sandboxes
 * @param metricsApi whether metrics.k8s.io is served
 */
public record StandardConfig(
    Path pki,
    InetSocketAddress bind,
    String advertiseAddress,
    String serviceCidr,
    String clusterDomain,
    List<String> serverAddresses,
    boolean unrestrictedPrivileged,
    boolean metricsApi) {}
