package io.kubra.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestInfoParserTest {
  private static RequestInfo parse(String method, String target) {
    int mark = target.indexOf('?');
    return RequestInfoParser.parse(
        method,
        mark < 0 ? target : target.substring(0, mark),
        QueryParameters.parse(mark < 0 ? null : target.substring(mark + 1)));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "GET, /api/v1/namespaces, list, '', v1, '', namespaces, '', ''",
        "GET, /api/v1/namespaces/other, get, '', v1, other, namespaces, '', other",
        "PUT, /api/v1/namespaces/other/finalize, update, '', v1, other, namespaces, finalize, other",
        "GET, /api/v1/namespaces/other/pods, list, '', v1, other, pods, '', ''",
        "GET, /api/v1/namespaces/other/pods/foo, get, '', v1, other, pods, '', foo",
        "HEAD, /api/v1/namespaces/other/pods/foo, get, '', v1, other, pods, '', foo",
        "GET, /api/v1/namespaces/other/pods/foo/log, get, '', v1, other, pods, log, foo",
        "POST, /api/v1/namespaces/other/pods, create, '', v1, other, pods, '', ''",
        "DELETE, /api/v1/namespaces/other/pods, deletecollection, '', v1, other, pods, '', ''",
        "DELETE, /api/v1/namespaces/other/pods/foo, delete, '', v1, other, pods, '', foo",
        "PATCH, /apis/apps/v1/namespaces/x/deployments/d, patch, apps, v1, x, deployments, '', d",
        "GET, /apis/apps/v1/deployments?watch=true, watch, apps, v1, '', deployments, '', ''",
        "GET, /apis/apps/v1/deployments?watch=0, list, apps, v1, '', deployments, '', ''",
        "GET, /api/v1/watch/pods, watch, '', v1, '', pods, '', ''",
        "GET, /api/v1/nodes/n/proxy/a/b, get, '', v1, '', nodes, proxy, n",
        "GET, /api/v1/pods?fieldSelector=metadata.name%3Dx, list, '', v1, '', pods, '', x",
      })
  void aResourcePathTellsVerbAndTarget(
      String method,
      String target,
      String verb,
      String group,
      String version,
      String namespace,
      String resource,
      String subresource,
      String name) {
    RequestInfo info = parse(method, target);
    assertThat(info.resourceRequest()).isTrue();
    assertThat(
            List.of(
                info.verb(),
                info.group(),
                info.version(),
                info.namespace(),
                info.resource(),
                info.subresource(),
                info.name()))
        .containsExactly(verb, group, version, namespace, resource, subresource, name);
  }

  @Test
  void discoveryAndHealthPathsAreNoResources() {
    for (String path : List.of("/", "/api", "/api/v1", "/apis/apps", "/apis/apps/v1", "/livez")) {
      assertThat(parse("GET", path).resourceRequest()).as(path).isFalse();
    }
    assertThat(parse("GET", "/livez").verb()).isEqualTo("get");
  }

  @Test
  void theRestOfAProxyPathIsKept() {
    assertThat(parse("GET", "/api/v1/nodes/n/proxy/a/b").trailingPath()).isEqualTo("a/b");
  }
}
