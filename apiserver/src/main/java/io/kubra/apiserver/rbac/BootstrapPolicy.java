package io.kubra.apiserver.rbac;

import io.kubra.api.tree.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The roles and bindings that every cluster has, read from {@code bootstrap-policy.txt}. */
public record BootstrapPolicy(
    List<Map<String, Object>> clusterRoles,
    List<Map<String, Object>> clusterRoleBindings,
    List<Map<String, Object>> roles,
    List<Map<String, Object>> roleBindings) {
  private static final String FILE = "bootstrap-policy.txt";
  private static final String GROUP = RbacAuthorizer.GROUP;
  static final String AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";

  /** Reads the built-in policy. */
  public static BootstrapPolicy load() {
    try (InputStream in = BootstrapPolicy.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + FILE);
      }
      return new Parser()
          .parse(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rules of a built-in cluster role. */
  public List<PolicyRule> rulesOf(String clusterRole) {
    return clusterRoles.stream()
        .filter(role -> name(role).equals(clusterRole))
        .findFirst()
        .map(PolicyRule::listOf)
        .orElseThrow();
  }

  private static String name(Map<String, Object> object) {
    return Trees.stringOr(object, "", "metadata", "name");
  }

  private static final class Parser {
    private final BootstrapPolicy policy =
        new BootstrapPolicy(
            new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private @Nullable List<Object> rules;

    BootstrapPolicy parse(BufferedReader reader) throws IOException {
      String line;
      while ((line = reader.readLine()) != null) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        if (line.startsWith(" ")) {
          java.util.Objects.requireNonNull(rules, line).add(rule(line.strip()));
        } else {
          statement(line.split(" "));
        }
      }
      return policy;
    }

    private void statement(String[] words) {
      List<String> rest = Arrays.asList(words).subList(1, words.length);
      switch (words[0]) {
        case "clusterrole" -> clusterRole(rest.get(0), rest.subList(1, rest.size()));
        case "aggregate" -> {
          Map<String, Object> role = clusterRole(rest.get(0), rest.subList(2, rest.size()));
          Map<String, Object> selector = map("matchLabels", map(rest.get(1), "true"));
          role.put("aggregationRule", map("clusterRoleSelectors", list(selector)));
        }
        case "controller" -> {
          String name = "system:controller:" + rest.get(0);
          clusterRole(name, List.of());
          bind("", name, name, List.of("ServiceAccount:kube-system/" + rest.get(0)));
        }
        case "role" -> {
          Map<String, Object> role = object("Role", rest.get(0), rest.get(1), List.of());
          rules = new ArrayList<>();
          role.put("rules", rules);
          policy.roles.add(role);
        }
        case "bind" -> bind("", rest.get(0), rest.get(1), rest.subList(2, rest.size()));
        case "bindin" -> bind(rest.get(0), rest.get(1), rest.get(2), rest.subList(3, rest.size()));
        default -> throw new IllegalStateException(FILE + ": " + String.join(" ", words));
      }
    }

    private Map<String, Object> clusterRole(String name, List<String> labels) {
      Map<String, Object> role = object("ClusterRole", "", name, labels);
      rules = new ArrayList<>();
      role.put("rules", rules);
      policy.clusterRoles.add(role);
      return role;
    }

    private void bind(String namespace, String name, String role, List<String> subjects) {
      boolean namespaced = !namespace.isEmpty();
      Map<String, Object> binding =
          object(namespaced ? "RoleBinding" : "ClusterRoleBinding", namespace, name, List.of());
      Map<String, Object> roleRef = map("apiGroup", GROUP);
      roleRef.put("kind", namespaced ? "Role" : "ClusterRole");
      roleRef.put("name", role);
      binding.put("roleRef", roleRef);
      if (!subjects.isEmpty()) {
        List<Object> list = new ArrayList<>();
        subjects.forEach(subject -> list.add(subject(subject)));
        binding.put("subjects", list);
      }
      (namespaced ? policy.roleBindings : policy.clusterRoleBindings).add(binding);
    }

    private static Map<String, Object> subject(String text) {
      int colon = text.indexOf(':');
      String kind = text.substring(0, colon);
      String name = text.substring(colon + 1);
      if (!kind.equals("ServiceAccount")) {
        Map<String, Object> subject = map("apiGroup", GROUP);
        subject.put("kind", kind);
        subject.put("name", name);
        return subject;
      }
      int slash = name.indexOf('/');
      Map<String, Object> subject = map("kind", kind);
      subject.put("name", name.substring(slash + 1));
      subject.put("namespace", name.substring(0, slash));
      return subject;
    }

    private static Map<String, Object> rule(String line) {
      String[] parts = line.split(" \\| ");
      List<String> none = List.of();
      if (parts.length == 2) {
        return new PolicyRule(verbs(parts[0]), none, none, none, words(parts[1])).toTree();
      }
      List<String> groups =
          words(parts[1]).stream().map(group -> group.equals("core") ? "" : group).toList();
      List<String> names = parts.length > 3 ? words(parts[3]) : none;
      return new PolicyRule(verbs(parts[0]), groups, words(parts[2]), names, none).toTree();
    }

    private static List<String> verbs(String text) {
      return words(
          text.replace("read", "get,list,watch")
              .replace("write", "create,delete,deletecollection,patch,update"));
    }

    private static List<String> words(String text) {
      return Arrays.asList(text.strip().split(","));
    }

    private static Map<String, Object> object(
        String kind, String namespace, String name, List<String> labels) {
      Map<String, Object> all = map("kubernetes.io/bootstrapping", "rbac-defaults");
      for (String label : labels) {
        int equals = label.indexOf('=');
        all.put(label.substring(0, equals), label.substring(equals + 1));
      }
      Map<String, Object> metadata = map("name", name);
      if (!namespace.isEmpty()) {
        metadata.put("namespace", namespace);
      }
      metadata.put("annotations", map(AUTOUPDATE, "true"));
      metadata.put("labels", all);
      Map<String, Object> object = map("apiVersion", GROUP + "/v1");
      object.put("kind", kind);
      object.put("metadata", metadata);
      return object;
    }

    private static Map<String, Object> map(String key, Object value) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put(key, value);
      return map;
    }

    private static List<Object> list(Object value) {
      List<Object> list = new ArrayList<>();
      list.add(value);
      return list;
    }
  }
}
