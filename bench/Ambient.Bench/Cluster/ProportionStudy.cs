using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;

namespace Ambient.Bench.Cluster;

/// <summary>C3: what one change of an endpoint costs, from the object to what a stream sends, in clusters of very different size.</summary>
internal sealed class ProportionStudy(Action<string> tell)
{
    public const string Id = "c3-proportional";

    private const int PodsOfAService = 10;
    private const int ServicesOfANamespace = 100;
    private const int WarmUp = 2000;
    private const int Changes = 2000;

    /// <summary>Larger tables miss the cache more often, so that time grows a little where work does not.</summary>
    private const double TimeLimit = 3;
    private const double BytesLimit = 1.1;

    private static readonly int[] Sizes = [1000, 10_000, 200_000];

    public IReadOnlyList<ClusterFigure> Run(CancellationToken cancellation)
    {
        List<ClusterFigure> figures = [];
        List<(double Microseconds, double Bytes)> costs = [];
        foreach (int pods in Sizes)
        {
            cancellation.ThrowIfCancellationRequested();
            (double microseconds, double bytes) = Measure(pods);
            costs.Add((microseconds, bytes));
            figures.Add(new ClusterFigure(Id, $"change_us_at_{pods}", microseconds));
            figures.Add(new ClusterFigure(Id, $"change_bytes_at_{pods}", bytes));
            tell(string.Create(CultureInfo.InvariantCulture, $"{Id}: {pods} pods, {microseconds:F1} us and {bytes:F0} bytes for a change"));
        }

        figures.Add(new ClusterFigure(Id, "time_ratio", costs[^1].Microseconds / costs[0].Microseconds, TimeLimit));
        figures.Add(new ClusterFigure(Id, "bytes_ratio", costs[^1].Bytes / costs[0].Bytes, BytesLimit));
        return figures;
    }

    private static (double Microseconds, double Bytes) Measure(int pods)
    {
        MeshTranslator translator = new(new TranslationOptions());
        ResourceCache cache = new();
        IEnumerable<ObjectChange> services = Enumerable.Range(0, pods / PodsOfAService).Select(service => ObjectChange.Upsert(Service(service)));
        cache.Publish(translator.Apply([.. services, .. Enumerable.Range(0, pods).Select(pod => ObjectChange.Upsert(Pod(pod, ready: true)))]).Mesh);
        LogReader reader = cache.Addresses.Join();
        cache.Addresses.Read(reader);
        bool[] isReady = new bool[pods];
        Array.Fill(isReady, true);
        long[] ticks = new long[Changes];
        Apply(WarmUp);
        GC.Collect();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Apply(Changes);
        double bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Changes;
        Array.Sort(ticks);
        return (ticks[Changes / 2] * 1e6 / Stopwatch.Frequency, bytes);

        void Apply(int count)
        {
            for (int change = 0; change < count; change++)
            {
                int pod = (int)(change * 7919L % pods);
                isReady[pod] = !isReady[pod];
                ObjectChange one = ObjectChange.Upsert(Pod(pod, isReady[pod]));
                long began = Stopwatch.GetTimestamp();
                cache.Publish(translator.Apply([one]).Mesh);
                int read = cache.Addresses.Read(reader).Count;
                ticks[change] = Stopwatch.GetTimestamp() - began;
                if (read != 1)
                {
                    throw new InvalidOperationException($"the change of one pod led to {read} resources");
                }
            }
        }
    }

    private static Service Service(int number) => new()
    {
        Metadata = new ObjectMeta { Namespace = NamespaceOf(number), Name = $"application-{number}" },
        Spec = new ServiceSpec
        {
            ClusterIP = new System.Net.IPAddress([11, (byte)(number >> 16), (byte)(number >> 8), (byte)number]).ToString(),
            Selector = ImmutableDictionary<string, string>.Empty.Add("app", $"application-{number}"),
            Ports = [new ServicePort { Name = "http", Number = 80, TargetPort = 8080 }],
        },
    };

    private static Pod Pod(int number, bool ready)
    {
        int service = number / PodsOfAService;
        return new Pod
        {
            Metadata = new ObjectMeta
            {
                Namespace = NamespaceOf(service),
                Name = string.Create(CultureInfo.InvariantCulture, $"application-{service}-{number:D7}"),
                Labels = ImmutableDictionary<string, string>.Empty.Add("app", $"application-{service}"),
            },
            Spec = new PodSpec { NodeName = $"node-{number % 1000}" },
            Status = new PodStatus
            {
                PodIP = new System.Net.IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]).ToString(),
                Conditions = [new Condition { Type = "Ready", Status = ready ? "True" : "False" }],
            },
        };
    }

    private static string NamespaceOf(int service) => $"team-{service / ServicesOfANamespace}";
}
