using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ambient.Mesh.Telemetry;

namespace Ambient.Ztunnel.Otlp;

/// <summary>Decides which connections become spans: the samplers of OTEL_TRACES_SAMPLER.</summary>
/// <param name="isParentBased">Whether the peer's sampled flag decides where there is one.</param>
/// <param name="share">Of all other traces, from 0 to 1.</param>
internal sealed class TraceSampler(bool isParentBased, double share)
{
    public const string DefaultText = "parentbased_always_on";

    public const string AcceptedText = "always_on, always_off or traceidratio, each also with parentbased_ before it";

    private const string ParentBased = "parentbased_";
    private const byte SampledFlag = 1;

    public static bool TryParse(string text, double share, [NotNullWhen(true)] out TraceSampler? sampler)
    {
        bool isParentBased = text.StartsWith(ParentBased, StringComparison.Ordinal);
        double? taken = (isParentBased ? text[ParentBased.Length..] : text) switch
        {
            "always_on" => 1,
            "always_off" => 0,
            "traceidratio" => share,
            _ => null,
        };
        sampler = taken is { } known ? new TraceSampler(isParentBased, known) : null;
        return sampler is not null;
    }

    /// <summary>The same for every proxy that sees the trace: by the low 56 bits of its id, which are random (W3C Trace Context 2).</summary>
    public bool Takes(UInt128 traceId, TraceParent? parent)
    {
        if (isParentBased && parent is { } known)
        {
            return (known.Flags & SampledFlag) != 0;
        }

        ulong random = (ulong)traceId & 0xFF_FFFF_FFFF_FFFF;
        return random < share * (1UL << 56);
    }

    public override string ToString() =>
        (isParentBased ? "as the peer says, else " : "") + share.ToString("0.####%", CultureInfo.InvariantCulture);
}
