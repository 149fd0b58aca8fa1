namespace Ambient.Ztunnel.Otlp;

internal static class OtlpTime
{
    private const int NanosecondsPerTick = 100;

    /// <summary>Nanoseconds since 1970.</summary>
    public static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
}
