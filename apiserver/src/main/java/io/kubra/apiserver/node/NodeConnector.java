package io.kubra.apiserver.node;

import io.kubra.transport.http.HttpClient;
import java.net.URI;

/** Finds the kubelet API of a node. */
public interface NodeConnector {

  /** Where the node's kubelet API is and the client that may talk to it. */
  record Endpoint(URI base, HttpClient client) {}

  /**
   * Returns the endpoint of a node.
   *
   * @throws io.kubra.api.status.ApiException if the node does not exist or has no address
   */
  Endpoint endpoint(String nodeName);
}
