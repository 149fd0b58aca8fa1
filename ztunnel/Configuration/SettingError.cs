namespace Ambient.Ztunnel.Configuration;

/// <summary>One reason why the program cannot start: the setting as the operator wrote it, its value, and what to do.</summary>
/// <param name="Setting">The environment name, or the flag with its dashes, whichever was used.</param>
/// <param name="Value">Null when the setting is missing, or when the value may be a secret.</param>
internal sealed record SettingError(string Setting, string? Value, string Remedy)
{
    public override string ToString() =>
        Value is null ? $"{Setting}: {Remedy}" : $"{Setting}: invalid value '{Value}': {Remedy}";
}
