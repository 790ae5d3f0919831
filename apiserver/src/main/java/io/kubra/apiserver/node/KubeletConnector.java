package io.kubra.apiserver.node;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.KeyMaterial;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Reaches nodes at the address and port that they report, with the API server's certificate. */
public final class KubeletConnector implements NodeConnector, AutoCloseable {
  private static final GroupResource NODES = new GroupResource("", "nodes");
  private static final List<String> ADDRESS_TYPES =
      List.of("InternalIP", "ExternalIP", "Hostname", "InternalDNS", "ExternalDNS");
  private static final long DEFAULT_PORT = 10250;
  private final ObjectReader objects;
  private final HttpClient client;

  /**
   * @param authority who issued the nodes' serving certificates
   * @param key the certificate that the nodes know the API server by
   */
  public KubeletConnector(
      ObjectReader objects, X509Certificate authority, Supplier<KeyMaterial> key) {
    this.objects = objects;
    client = HttpClient.builder().tls(ClientTls.trusting(List.of(authority)).withKey(key)).build();
  }

  @Override
  public Endpoint endpoint(String nodeName) {
    Map<String, Object> node = objects.get(NODES, "", nodeName);
    if (node == null) {
      throw ApiException.notFound("", "nodes", nodeName);
    }
    long port =
        Trees.integerOr(node, DEFAULT_PORT, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
    String address = address(node);
    String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
    return new Endpoint(URI.create("https://" + host + ":" + port), client);
  }

  private static String address(Map<String, Object> node) {
    List<Map<String, Object>> addresses = Trees.maps(node, "status", "addresses");
    for (String type : ADDRESS_TYPES) {
      for (Map<String, Object> address : addresses) {
        if (type.equals(address.get("type"))) {
          return Trees.stringOr(address, "", "address");
        }
      }
    }
    throw ApiException.internal("no preferred addresses found; known addresses: " + addresses);
  }

  @Override
  public void close() {
    client.close();
  }
}
