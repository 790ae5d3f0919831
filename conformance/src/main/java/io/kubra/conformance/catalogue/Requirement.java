package io.kubra.conformance.catalogue;

import java.util.List;

/**
 * A row of the reference architecture.
 *
 * @param key the row's id there, or the one given to it here
 * @param area the chapter's section, such as {@code ntw}
 * @param subject what has to meet it: platform, host, hardware, workload or process
 * @param role who brings that about: implement, configure, detect, enforce or operate
 * @param means how it can be checked: api, node, probe, static, manual, or several with a plus
 * @param summary the rule, with its negation
 * @param when the condition under which it binds; empty for always
 * @param sig the special interest group of a row of chapter 6; else empty
 * @param label the label of that row's tests upstream; else empty
 * @param trace the requirements of the reference model that it serves
 */
public record Requirement(
    String key,
    String area,
    Level level,
    Scope scope,
    String subject,
    String role,
    String means,
    String summary,
    String when,
    String sig,
    String label,
    List<String> trace) {

  /** The id as the architecture prints it; two rows there share one. */
  public String id() {
    int hash = key.indexOf('#');
    return hash < 0 ? key : key.substring(0, hash);
  }

  /** Whether people or outside systems meet it, so that no program can check it. */
  public boolean operated() {
    return role.equals("operate");
  }
}
