namespace Ambient.Ztunnel.Otlp;

/// <summary>What became of one export.</summary>
/// <param name="IsTaken">The collector has it.</param>
/// <param name="IsWorthRetrying">It may take it later; else it never will.</param>
/// <param name="Problem">Null when it was taken.</param>
internal readonly record struct OtlpAnswer(bool IsTaken, bool IsWorthRetrying, string? Problem)
{
    public static OtlpAnswer Taken { get; } = new(true, false, null);

    public static OtlpAnswer Later(string problem) => new(false, true, problem);

    public static OtlpAnswer Refused(string problem) => new(false, false, problem);
}
