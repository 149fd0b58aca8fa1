namespace Ambient.Cli;

/// <summary>What the commands that look at a mesh end with.</summary>
internal static class ExitCodes
{
    public const int Good = 0;

    /// <summary>It was looked at, and is not as it should be.</summary>
    public const int Found = 1;

    /// <summary>Wrong use, or what was to be looked at cannot be had.</summary>
    public const int Unusable = 2;
}
