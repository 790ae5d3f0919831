package io.kubra.store.etcd;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives a connection all members of an etcd; it uses one and goes to the next when that fails. */
final class EtcdEndpoints extends NameResolverProvider {
  static final String SCHEME = "kubra-etcd";

  /** The target that names the endpoints. */
  static String target(List<URI> endpoints) {
    return SCHEME
        + ":///"
        + String.join(
            ",", endpoints.stream().map(e -> e.getHost() + ":" + EtcdConfig.port(e)).toList());
  }

  @Override
  public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!SCHEME.equals(target.getScheme())) {
      return null;
    }
    List<EquivalentAddressGroup> groups = new ArrayList<>();
    for (String endpoint : target.getPath().substring(1).split(",")) {
      int colon = endpoint.lastIndexOf(':');
      String host = endpoint.substring(0, colon);
      groups.add(
          new EquivalentAddressGroup(
              new InetSocketAddress(
                  host.replaceAll("[\\[\\]]", ""), Integer.parseInt(endpoint.substring(colon + 1))),
              Attributes.newBuilder()
                  .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, endpoint)
                  .build()));
    }
    String authority = target.getPath().substring(1).split(",")[0];
    return new NameResolver() {
      @Override
      public String getServiceAuthority() {
        return authority;
      }

      @Override
      public void start(Listener2 listener) {
        listener.onResult(
            ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(groups)).build());
      }

      @Override
      public void shutdown() {}
    };
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 0;
  }
}
