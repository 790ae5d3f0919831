package io.kubra.apiserver.flow;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.request.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which requests form flows of one priority level.
 *
 * @param level the name of the priority level
 * @param precedence the lower, the earlier it is asked
 * @param distinguisher what tells its flows apart
 */
record FlowSchema(
    String name,
    String uid,
    String level,
    long precedence,
    Distinguisher distinguisher,
    List<Rule> rules) {

  /** What tells the flows of a schema apart. */
  enum Distinguisher {
    NONE,
    BY_USER,
    BY_NAMESPACE
  }

  /** Some senders and what they send. */
  record Rule(
      List<Subject> subjects, List<ResourceRule> resources, List<NonResourceRule> nonResources) {}

  /** A sender. */
  sealed interface Subject {
    boolean is(UserInfo user);

    /** One user, or all ({@code *}). */
    record User(String name) implements Subject {
      @Override
      public boolean is(UserInfo user) {
        return name.equals("*") || name.equals(user.name());
      }
    }

    /** The members of a group, or all users ({@code *}). */
    record Group(String name) implements Subject {
      @Override
      public boolean is(UserInfo user) {
        return name.equals("*") || user.in(name);
      }
    }

    /** A service account by its user name, or all of a namespace if it ends with a colon. */
    record Account(String userName) implements Subject {
      @Override
      public boolean is(UserInfo user) {
        return userName.endsWith(":")
            ? user.name().startsWith(userName)
            : user.name().equals(userName);
      }
    }
  }

  /** Requests for resources. */
  record ResourceRule(
      List<String> verbs,
      List<String> groups,
      List<String> resources,
      List<String> namespaces,
      boolean clusterScope) {
    boolean matches(RequestInfo info) {
      return has(verbs, info.verb())
          && has(groups, info.group())
          && has(resources, info.resourceWithSubresource())
          && (info.namespace().isEmpty() ? clusterScope : has(namespaces, info.namespace()));
    }
  }

  /** Requests for anything else. */
  record NonResourceRule(List<String> verbs, List<String> urls) {
    boolean matches(RequestInfo info) {
      if (!has(verbs, info.verb())) {
        return false;
      }
      for (String url : urls) {
        if (url.equals("*")
            || url.equals(info.path())
            || (url.endsWith("/*") && info.path().startsWith(url.substring(0, url.length() - 1)))) {
          return true;
        }
      }
      return false;
    }
  }

  private static boolean has(List<String> list, String wanted) {
    for (String each : list) {
      if (each.equals(wanted) || each.equals("*")) {
        return true;
      }
    }
    return false;
  }

  boolean matches(UserInfo user, RequestInfo info) {
    for (Rule rule : rules) {
      if (asks(rule, info) && sends(rule, user)) {
        return true;
      }
    }
    return false;
  }

  private static boolean sends(Rule rule, UserInfo user) {
    for (Subject subject : rule.subjects) {
      if (subject.is(user)) {
        return true;
      }
    }
    return false;
  }

  private static boolean asks(Rule rule, RequestInfo info) {
    if (info.resourceRequest()) {
      for (ResourceRule resource : rule.resources) {
        if (resource.matches(info)) {
          return true;
        }
      }
      return false;
    }
    for (NonResourceRule url : rule.nonResources) {
      if (url.matches(info)) {
        return true;
      }
    }
    return false;
  }

  /** Tells the flow of a request from others of this schema. */
  String flow(UserInfo user, RequestInfo info) {
    return switch (distinguisher) {
      case NONE -> "";
      case BY_USER -> user.name();
      case BY_NAMESPACE -> info.namespace();
    };
  }

  /** Reads a FlowSchema object. */
  static FlowSchema of(Map<String, Object> tree) {
    List<Rule> rules = new ArrayList<>();
    for (Map<String, Object> rule : Trees.maps(tree, "spec", "rules")) {
      rules.add(
          new Rule(
              Trees.maps(rule, "subjects").stream().map(FlowSchema::subject).toList(),
              Trees.maps(rule, "resourceRules").stream().map(FlowSchema::resourceRule).toList(),
              Trees.maps(rule, "nonResourceRules").stream()
                  .map(
                      r ->
                          new NonResourceRule(
                              Trees.strings(r, "verbs"), Trees.strings(r, "nonResourceURLs")))
                  .toList()));
    }
    return new FlowSchema(
        Trees.stringOr(tree, "", "metadata", "name"),
        Trees.stringOr(tree, "", "metadata", "uid"),
        Trees.stringOr(tree, "", "spec", "priorityLevelConfiguration", "name"),
        Trees.integerOr(tree, 1000, "spec", "matchingPrecedence"),
        switch (Trees.stringOr(tree, "", "spec", "distinguisherMethod", "type")) {
          case "ByUser" -> Distinguisher.BY_USER;
          case "ByNamespace" -> Distinguisher.BY_NAMESPACE;
          default -> Distinguisher.NONE;
        },
        rules);
  }

  private static Subject subject(Map<String, Object> tree) {
    return switch (Trees.stringOr(tree, "", "kind")) {
      case "User" -> new Subject.User(Trees.stringOr(tree, "", "user", "name"));
      case "Group" -> new Subject.Group(Trees.stringOr(tree, "", "group", "name"));
      default -> {
        String name = Trees.stringOr(tree, "", "serviceAccount", "name");
        yield new Subject.Account(
            "system:serviceaccount:"
                + Trees.stringOr(tree, "", "serviceAccount", "namespace")
                + ":"
                + (name.equals("*") ? "" : name));
      }
    };
  }

  private static ResourceRule resourceRule(Map<String, Object> tree) {
    return new ResourceRule(
        Trees.strings(tree, "verbs"),
        Trees.strings(tree, "apiGroups"),
        Trees.strings(tree, "resources"),
        Trees.strings(tree, "namespaces"),
        Trees.bool(tree, "clusterScope"));
  }
}
