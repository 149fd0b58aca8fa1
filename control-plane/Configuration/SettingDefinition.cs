namespace Ambient.ControlPlane.Configuration;

/// <summary>One setting: a flag, a variable of the environment, or both; the flag counts more.</summary>
/// <param name="Group">The heading under which help lists it.</param>
/// <param name="Flag">Such as <c>--domain</c>; "" when there is none.</param>
/// <param name="Variable">Such as <c>CLUSTER_ID</c>; "" when there is none.</param>
/// <param name="Value">What it takes, in one word.</param>
/// <param name="Default">What holds when it is not given, for people.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Apply">Sets it; throws <see cref="FormatException"/> with what it must be.</param>
public sealed record SettingDefinition(
    string Group,
    string Flag,
    string Variable,
    string Value,
    string Default,
    string Help,
    Func<ControlPlaneOptions, string, ControlPlaneOptions> Apply)
{
    /// <summary>As it is named in errors and help.</summary>
    public string Name => Flag.Length == 0 ? Variable : Variable.Length == 0 ? Flag : $"{Flag} ({Variable})";
}
