namespace Ambient.Bench.Rig;

/// <summary>Which CPU a program belongs on when placement is pinned.</summary>
internal enum ProcessRole
{
    /// <summary>Load generator or sink: CPU 0.</summary>
    Load,

    /// <summary>A proxy: CPU 1.</summary>
    Proxy,
}
