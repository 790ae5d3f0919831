package io.kubra.apiserver.standard;

import io.kubra.api.feature.FeatureGates;
import io.kubra.metrics.MetricRegistry;
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
 * @param flags upstream's flags that are set
 * @param features the feature gates in force
 * @param metrics where everything in the process counts; {@code /metrics} shows it
 */
public record StandardConfig(
    Path pki,
    InetSocketAddress bind,
    String advertiseAddress,
    String serviceCidr,
    String clusterDomain,
    List<String> serverAddresses,
    boolean unrestrictedPrivileged,
    boolean metricsApi,
    ServerFlags flags,
    FeatureGates features,
    MetricRegistry metrics) {

  /** Starts with what every server must be told; all else has a default. */
  public static Builder builder(Path pki, InetSocketAddress bind, String advertiseAddress) {
    return new Builder(pki, bind, advertiseAddress);
  }

  /** Puts a configuration together. */
  public static final class Builder {
    private final Path pki;
    private final InetSocketAddress bind;
    private final String advertiseAddress;
    private String serviceCidr = "10.96.0.0/12";
    private String clusterDomain = "cluster.local";
    private List<String> serverAddresses = List.of();
    private boolean unrestrictedPrivileged;
    private boolean metricsApi = true;
    private ServerFlags flags = ServerFlags.NONE;
    private FeatureGates features = FeatureGates.defaults();
    private MetricRegistry metrics = new MetricRegistry();

    private Builder(Path pki, InetSocketAddress bind, String advertiseAddress) {
      this.pki = pki;
      this.bind = bind;
      this.advertiseAddress = advertiseAddress;
    }

    /** The network of cluster IPs; {@code 10.96.0.0/12} unless said. */
    public Builder serviceCidr(String value) {
      serviceCidr = value;
      return this;
    }

    /** The cluster's DNS domain; {@code cluster.local} unless said. */
    public Builder clusterDomain(String value) {
      clusterDomain = value;
      return this;
    }

    /** Further addresses that the server's certificate shall be good for. */
    public Builder serverAddresses(List<String> value) {
      serverAddresses = List.copyOf(value);
      return this;
    }

    /** Whether privileged pods may run outside of sandboxes; not unless said. */
    public Builder unrestrictedPrivileged(boolean value) {
      unrestrictedPrivileged = value;
      return this;
    }

    /** Whether metrics.k8s.io is served; it is unless said. */
    public Builder metricsApi(boolean value) {
      metricsApi = value;
      return this;
    }

    /** Upstream's flags that are set; none unless said. */
    public Builder flags(ServerFlags value) {
      flags = value;
      return this;
    }

    /** The feature gates in force; Kubra's defaults unless said. */
    public Builder features(FeatureGates value) {
      features = value;
      return this;
    }

    /** Where everything in the process counts; a registry of its own unless said. */
    public Builder metrics(MetricRegistry value) {
      metrics = value;
      return this;
    }

    /** The configuration. */
    public StandardConfig build() {
      return new StandardConfig(
          pki,
          bind,
          advertiseAddress,
          serviceCidr,
          clusterDomain,
          serverAddresses,
          unrestrictedPrivileged,
          metricsApi,
          flags,
          features,
          metrics);
    }
  }
}
