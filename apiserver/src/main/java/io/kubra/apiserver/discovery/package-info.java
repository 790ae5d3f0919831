/**
 * Discovery: which groups, versions and resources the server has, in the legacy form (one document
 * per group version) and the aggregated one (everything at once). Documents are built when first
 * asked for and then only compared by their ETag.
 */
@NullMarked
package io.kubra.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
