using Ambient.Tls.Interop;

namespace Ambient.UnitTests.Tls;

/// <summary>How many native objects are alive.</summary>
internal sealed record NativeObjects(int Contexts, int Connections, int Secrets, int Ciphers, int Certificates)
{
    /// <summary>Counts after the collector has released what earlier tests dropped.</summary>
    public static NativeObjects Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Now();
    }

    public static NativeObjects Now() =>
        new(
            LiveObjects.Contexts, LiveObjects.Connections, LiveObjects.Secrets, LiveObjects.Ciphers, LiveObjects.Certificates);
}
