package io.kubra.apiserver.request;

/**
 * An endpoint outside of the resources: discovery, OpenAPI, health, metrics, version. It is called
 * after authorisation, writes the response itself and may throw an {@link
 * io.kubra.api.status.ApiException} before it has begun to.
 */
public interface NonResourceEndpoint {

  /** Whether the endpoint serves this path (without query). */
  boolean matches(String path);

  /** Serves the request, of whatever method. */
  void handle(RequestContext context) throws Exception;
}
