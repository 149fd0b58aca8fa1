namespace Ambient.Bench.Systems;

/// <summary>What the server's node offers, and so what every pair forwards.</summary>
internal enum RigService
{
    /// <summary>iperf3.</summary>
    Bulk = 0,

    /// <summary>nginx serving 1 KB.</summary>
    Http = 1,

    /// <summary>Returns what it receives.</summary>
    Echo = 2,

    /// <summary>Sends without end.</summary>
    Source = 3,
}
