package io.kubra.apiserver.rules;

/** The shapes that object names have. */
public enum NameFormat {
  /** Lower case letters, digits, dashes and dots; the default. */
  DNS_SUBDOMAIN,
  /** At most 63 lower case letters, digits and dashes. */
  DNS_LABEL,
  /** As a label, beginning with a letter; for Services. */
  DNS_1035_LABEL,
  /** Anything that can be one segment of a path; for RBAC and certificate requests. */
  PATH_SEGMENT
}
