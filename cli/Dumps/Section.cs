using Ambient.Cli.Output;

namespace Ambient.Cli.Dumps;

/// <summary>A section of a dump, as it is listed.</summary>
/// <param name="Listing">What the filter took.</param>
/// <param name="Namespaces">Those there are, for whoever asked for another.</param>
/// <param name="Nodes">Those there are.</param>
/// <param name="Names">Those there are.</param>
internal sealed record Section(Listing Listing, IReadOnlyCollection<string> Namespaces, IReadOnlyCollection<string> Nodes, IReadOnlyCollection<string> Names);
