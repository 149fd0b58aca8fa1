using Ambient.Bench.Systems;

namespace Ambient.Bench.Workloads;

/// <summary>One kind of load at one size.</summary>
internal interface IWorkload
{
    WorkloadSpec Spec { get; }

    /// <summary>True when every system needs a pair that opens a tunnel for each connection.</summary>
    bool NeedsTunnelPerConnection { get; }

    /// <summary>True when the latency of a single request is the subject, so that CPUs are kept from halting.</summary>
    bool KeepsCpusAwake { get; }

    Task<VisitResult> VisitAsync(ISystemPair pair, TimeSpan duration);
}
