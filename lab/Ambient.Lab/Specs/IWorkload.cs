using Ambient.Lab.Plans;

namespace Ambient.Lab.Specs;

/// <summary>The program that a pod runs.</summary>
public interface IWorkload
{
    /// <summary>Program that must be installed.</summary>
    string Program { get; }

    /// <summary>TCP port that answers once the workload is up; null when there is none to wait for.</summary>
    int? Port { get; }

    /// <summary>Writes what the program reads into <paramref name="directory"/>, which is the pod's own, and returns its command line.</summary>
    /// <param name="directory">It exists.</param>
    /// <param name="plan">The lab, for workloads that speak to other pods.</param>
    IReadOnlyList<string> Prepare(string directory, LabPlan plan);
}
