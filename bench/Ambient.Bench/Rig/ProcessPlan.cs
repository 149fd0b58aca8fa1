namespace Ambient.Bench.Rig;

/// <summary>A program to start on one of the nodes.</summary>
/// <param name="Name">Unique in the run; names its control group and its log.</param>
/// <param name="NetworkNamespace">The node.</param>
/// <param name="Role">Which CPU it belongs on.</param>
/// <param name="Arguments">Program and arguments.</param>
/// <param name="Environment">Variables added to the harness's own.</param>
/// <param name="UsesPipes">True when the harness speaks to it over its standard input and output.</param>
internal sealed record ProcessPlan(
    string Name,
    string NetworkNamespace,
    ProcessRole Role,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string>? Environment = null,
    bool UsesPipes = false);
