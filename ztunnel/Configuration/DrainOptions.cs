namespace Ambient.Ztunnel.Configuration;

/// <param name="Deadline">Time that open connections get after the stop signal (node-proxy 10.2).</param>
internal sealed record DrainOptions(TimeSpan Deadline)
{
    private const int MaxGracePeriodSeconds = 7 * 24 * 3600;
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(5);

    public static DrainOptions Read(SettingReader reader)
    {
        long? gracePeriod = reader.OptionalInteger(SettingNames.TerminationGracePeriod, 0, MaxGracePeriodSeconds);
        TimeSpan? deadline = reader.OptionalDuration(SettingNames.TerminationDeadline);
        return new DrainOptions(deadline ?? (gracePeriod is { } seconds ? WithinGracePeriod(seconds) : DefaultDeadline));
    }

    /// <summary>Leaves the last seconds of the pod's grace period for the exit itself; at least a second to drain.</summary>
    private static TimeSpan WithinGracePeriod(long seconds) =>
        TimeSpan.FromSeconds(seconds > 10 ? seconds - 5 : Math.Max(seconds - 1, 1));
}
