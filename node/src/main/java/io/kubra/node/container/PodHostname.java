package io.kubra.node.container;

import io.kubra.model.core.v1.Pod;

/**
 * What a pod calls itself.
 *
 * @param shortName the host name without domain
 * @param fqdn the full name, empty without a subdomain
 * @param visible what the kernel reports inside the pod
 */
public record PodHostname(String shortName, String fqdn, String visible) {
  private static final int LONGEST = 63;

  /** The names of a pod. */
  public static PodHostname of(Pod pod, String clusterDomain) {
    String override = pod.spec().hostnameOverride();
    if (override != null && !override.isEmpty()) {
      return new PodHostname(override, "", override);
    }
    String wanted = pod.spec().hostname();
    String name = wanted == null || wanted.isEmpty() ? pod.metadata().name() : wanted;
    if (name.length() > LONGEST) {
      name = name.substring(0, LONGEST).replaceFirst("[-.]+$", "");
    }
    String subdomain = pod.spec().subdomain();
    String fqdn =
        subdomain == null || subdomain.isEmpty()
            ? ""
            : name + "." + subdomain + "." + pod.metadata().namespace() + ".svc." + clusterDomain;
    boolean full = Boolean.TRUE.equals(pod.spec().setHostnameAsFQDN()) && !fqdn.isEmpty();
    return new PodHostname(name, fqdn, full ? fqdn : name);
  }
}
