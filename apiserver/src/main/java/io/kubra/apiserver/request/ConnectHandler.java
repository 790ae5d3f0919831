package io.kubra.apiserver.request;

/**
 * Serves a subresource that is a connection and no object, such as pods/log or pods/exec: any
 * method, the response is the handler's. It is called after authorisation; an {@link
 * io.kubra.api.status.ApiException} thrown before the response began becomes a Status.
 */
@FunctionalInterface
public interface ConnectHandler {

  /** Serves the connection and returns when it is over. */
  void connect(RequestContext context) throws Exception;
}
