namespace Ambient.Mesh.Workloads;

/// <summary>The lower-case names under which workload types appear in baggage, configuration dumps and local files.</summary>
public static class WorkloadTypeNames
{
    public static string NameOf(WorkloadType type) => type switch
    {
        WorkloadType.CronJob => "cronjob",
        WorkloadType.Pod => "pod",
        WorkloadType.Job => "job",
        _ => "deployment",
    };

    public static bool TryParse(ReadOnlySpan<char> name, out WorkloadType type)
    {
        type = name switch
        {
            "cronjob" => WorkloadType.CronJob,
            "pod" => WorkloadType.Pod,
            "job" => WorkloadType.Job,
            _ => WorkloadType.Deployment,
        };
        return type != WorkloadType.Deployment || name is "deployment";
    }
}
