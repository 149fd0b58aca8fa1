namespace Ambient.Bench.Options;

/// <summary>On which CPUs the parts run.</summary>
internal enum Placement
{
    /// <summary>Generator and sink on CPU 0, both proxies on CPU 1: the proxies limit, and the figure is what one core of them can do.</summary>
    Pinned,

    /// <summary>The kernel decides, as deployed.</summary>
    Free,
}
