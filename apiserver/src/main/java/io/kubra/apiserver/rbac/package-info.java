/**
 * Role-based access control: an index of who was granted what, kept current from change events and
 * read without locks, and everything around it (built-in roles, aggregation, the rule that nobody
 * grants more than they have).
 */
@NullMarked
package io.kubra.apiserver.rbac;

import org.jspecify.annotations.NullMarked;
