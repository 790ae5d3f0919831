package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorizationTest {
  private static final UserInfo NOBODY = UserInfo.of("nobody");
  private static final UserInfo NODE = UserInfo.of("system:node:n1", "system:nodes");

  @TempDir static Path folder;
  private static SecuredServer server;

  @BeforeAll
  static void start() throws InterruptedException {
    server = new SecuredServer(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void whoHasNoRightsIsRefusedEverythingOnEveryResource() {
    List<String> allowed = new ArrayList<>();
    for (ResourceInfo resource : Catalogue.builtin().resources()) {
      if (!resource.stable() || server.admin("GET", group(resource), null).status() == 0) {
        continue;
      }
      String base = group(resource);
      String collection =
          resource.namespaced()
              ? base + "/namespaces/default/" + resource.gvr().resource()
              : base + "/" + resource.gvr().resource();
      try_(allowed, "GET", collection);
      try_(allowed, "GET", collection + "?watch=1");
      try_(allowed, "POST", collection);
      try_(allowed, "DELETE", collection);
      for (String method : List.of("GET", "PUT", "PATCH", "DELETE")) {
        try_(allowed, method, collection + "/x");
      }
      resource
          .subresources()
          .forEach(
              sub -> {
                for (String method : List.of("GET", "PUT", "PATCH", "POST")) {
                  try_(allowed, method, collection + "/x/" + sub.name());
                }
              });
    }
    allowed.removeIf(
        line ->
            line.startsWith("POST ")
                && (line.contains("/selfsubjectaccessreviews")
                    || line.contains("/selfsubjectrulesreviews")
                    || line.contains("/selfsubjectreviews")));
    assertThat(allowed).isEmpty();
  }

  private static void try_(List<String> allowed, String method, String path) {
    int status = server.as(NOBODY, method, path, null).status();
    if (status != 403) {
      allowed.add(method + " " + path + " → " + status);
    }
  }

  private static String group(ResourceInfo resource) {
    return resource.gvr().group().isEmpty()
        ? "/api/" + resource.gvr().version()
        : "/apis/" + resource.gvr().group() + "/" + resource.gvr().version();
  }

  @Test
  void aRefusalSaysWhoMayNotDoWhat() {
    var answer = server.as(NOBODY, "GET", "/api/v1/namespaces/default/pods", null);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.message())
        .isEqualTo(
            "pods is forbidden: User \"nobody\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"");
  }

  private static void create(String path, String json) {
    var answer = server.admin("POST", path, SecuredServer.json(json));
    assertThat(answer.status()).as(answer.message()).isEqualTo(201);
  }

  private static boolean can(UserInfo user, String verb, String attributes) {
    var answer =
        server.admin(
            "POST",
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            Map.of(
                "apiVersion",
                "authorization.k8s.io/v1",
                "kind",
                "SubjectAccessReview",
                "spec",
                Map.of(
                    "user",
                    user.name(),
                    "groups",
                    user.groups(),
                    "resourceAttributes",
                    merged(SecuredServer.json("{" + attributes + "}"), verb))));
    assertThat(answer.status()).as(answer.message()).isEqualTo(201);
    return Trees.bool(answer.tree(), "status", "allowed");
  }

  private static Map<String, Object> merged(Map<String, Object> attributes, String verb) {
    attributes.put("verb", verb);
    return attributes;
  }

  @Test
  void bindingsAndRolesCountAsSoonAsTheyAreKnown() {
    UserInfo dev = UserInfo.of("dev");
    create(
        "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
        "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'RoleBinding','metadata':{'name':'dev'},"
            + "'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'edit'},"
            + "'subjects':[{'apiGroup':'rbac.authorization.k8s.io','kind':'User','name':'dev'}]}");
    await()
        .until(
            () ->
                can(
                    dev,
                    "create",
                    "'group':'apps','resource':'deployments','namespace':'default'"));
    assertThat(can(dev, "get", "'resource':'pods','subresource':'log','namespace':'default'"))
        .isTrue();
    assertThat(can(dev, "get", "'resource':'pods','namespace':'kube-system'")).isFalse();
    assertThat(can(dev, "list", "'resource':'nodes'")).isFalse();
    server.admin(
        "DELETE", "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings/dev", null);
    await().until(() -> !can(dev, "get", "'resource':'pods','namespace':'default'"));
  }

  @Test
  void aggregatedRolesFollowTheirParts() {
    create(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRole','metadata':{'name':'crd-view',"
            + "'labels':{'rbac.authorization.k8s.io/aggregate-to-view':'true'}},"
            + "'rules':[{'apiGroups':['example.com'],'resources':['things'],'verbs':['get']}]}");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        server
                            .admin(
                                "GET",
                                "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin",
                                null)
                            .tree()
                            .toString())
                    .contains("example.com"));
  }

  @Test
  void nobodyGrantsMoreThanTheyHave() {
    UserInfo granter = UserInfo.of("granter");
    create(
        "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
        "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'RoleBinding','metadata':{'name':'granter'},"
            + "'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'admin'},"
            + "'subjects':[{'apiGroup':'rbac.authorization.k8s.io','kind':'User','name':'granter'}]}");
    String roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles";
    await()
        .until(
            () ->
                can(
                    granter,
                    "create",
                    "'group':'rbac.authorization.k8s.io','resource':'roles','namespace':'default'"));
    String role =
        "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'Role','metadata':{'name':'%s'},"
            + "'rules':[{'apiGroups':['%s'],'resources':['%s'],'verbs':['get','list']}]}";
    var fine =
        server.as(granter, "POST", roles, SecuredServer.json(role.formatted("ok", "", "pods")));
    assertThat(fine.status()).as(fine.message()).isEqualTo(201);
    var refused =
        server.as(granter, "POST", roles, SecuredServer.json(role.formatted("no", "x.io", "ys")));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.message())
        .contains("user \"granter\" (groups=[\"system:authenticated\"]) is attempting to grant")
        .contains("{APIGroups:[\"x.io\"], Resources:[\"ys\"], Verbs:[\"get\" \"list\"]}");
  }

  @Test
  void aNodeReadsOnlyWhatItsPodsReferTo() {
    create(
        "/api/v1/namespaces/default/secrets",
        "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'mine'}}");
    create(
        "/api/v1/namespaces/default/secrets",
        "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'other'}}");
    create(
        "/api/v1/namespaces/default/serviceaccounts",
        "{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'default'}}");
    create(
        "/api/v1/namespaces/default/pods",
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{'nodeName':'n1',"
            + "'containers':[{'name':'c','image':'i'}],"
            + "'volumes':[{'name':'s','secret':{'secretName':'mine'}}]}}");
    assertThat(server.as(NODE, "GET", "/api/v1/namespaces/default/secrets/mine", null).status())
        .isEqualTo(200);
    var refused = server.as(NODE, "GET", "/api/v1/namespaces/default/secrets/other", null);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.message())
        .endsWith("no relationship found between node 'n1' and this object");
    assertThat(server.as(NODE, "GET", "/api/v1/namespaces/default/secrets", null).status())
        .isEqualTo(403);
    UserInfo another = UserInfo.of("system:node:n2", "system:nodes");
    assertThat(server.as(another, "GET", "/api/v1/namespaces/default/secrets/mine", null).status())
        .isEqualTo(403);
  }

  @Test
  void aNodeWritesOnlyItsOwnNode() {
    Map<String, Object> own =
        SecuredServer.json("{'apiVersion':'v1','kind':'Node','metadata':{'name':'n1'}}");
    Map<String, Object> foreign =
        SecuredServer.json("{'apiVersion':'v1','kind':'Node','metadata':{'name':'n9'}}");
    var created = server.as(NODE, "POST", "/api/v1/nodes", own);
    assertThat(created.status()).as(created.message()).isEqualTo(201);
    assertThat(Trees.maps(created.tree(), "spec", "taints"))
        .anySatisfy(t -> assertThat(t).containsEntry("key", "node.kubernetes.io/not-ready"));
    var refused = server.as(NODE, "POST", "/api/v1/nodes", foreign);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo("nodes \"n9\" is forbidden: node \"n1\" is not allowed to modify node \"n9\"");
  }

  @Test
  void selfReviewsTellWhatOneMayDo() {
    var answer =
        server.as(
            NOBODY,
            "POST",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            SecuredServer.json(
                "{'apiVersion':'authorization.k8s.io/v1','kind':'SelfSubjectAccessReview',"
                    + "'spec':{'nonResourceAttributes':{'path':'/api','verb':'get'}}}"));
    assertThat(answer.tree().get("status").toString())
        .contains("allowed=true")
        .contains("system:discovery");
    var rules =
        server.as(
            NOBODY,
            "POST",
            "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
            SecuredServer.json(
                "{'apiVersion':'authorization.k8s.io/v1','kind':'SelfSubjectRulesReview',"
                    + "'spec':{'namespace':'default'}}"));
    assertThat(Trees.maps(rules.tree(), "status", "resourceRules")).isNotEmpty();
    assertThat(Trees.maps(rules.tree(), "status", "nonResourceRules")).isNotEmpty();
  }
}
