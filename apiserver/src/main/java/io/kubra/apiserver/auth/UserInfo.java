package io.kubra.apiserver.auth;

import java.util.List;
import java.util.Map;

/** An authenticated identity, as in {@code authentication.k8s.io UserInfo}; uid may be empty. */
public record UserInfo(
    String name, String uid, List<String> groups, Map<String, List<String>> extra) {

  /** The group that may do everything. */
  public static final String MASTERS = "system:masters";

  /** The user an unauthenticated request gets where anonymous requests are allowed. */
  public static final String ANONYMOUS = "system:anonymous";

  public UserInfo {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  /** A user with these groups and nothing else. */
  public static UserInfo of(String name, String... groups) {
    return new UserInfo(name, "", List.of(groups), Map.of());
  }

  /** The API server's own identity, for what it writes by itself. */
  public static UserInfo apiServer() {
    return new UserInfo("system:apiserver", "", List.of(MASTERS, "system:authenticated"), Map.of());
  }

  /** Whether the user is a member of the group. */
  public boolean in(String group) {
    return groups.contains(group);
  }
}
