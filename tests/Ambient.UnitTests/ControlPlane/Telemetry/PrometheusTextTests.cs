using Ambient.ControlPlane.Telemetry;
using Ambient.Testing.Certs;
using Ambient.Xds;

namespace Ambient.UnitTests.ControlPlane.Telemetry;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Labels_hold_anything() =>
        Assert.Equal("""a="x\\y\"z\n",b="" """.TrimEnd(), PrometheusText.Labels(("a", "x\\y\"z\n"), ("b", "")));

    [Fact]
    public void A_counter_has_one_line_for_each_series_in_a_fixed_order()
    {
        CounterFamily family = new("events", "Things.");
        family.Add(PrometheusText.Labels(("type", "b")));
        family.Add(PrometheusText.Labels(("type", "a")));
        family.Add(PrometheusText.Labels(("type", "b")));

        Assert.Equal("# HELP events Things.\n# TYPE events counter\nevents{type=\"a\"} 1\nevents{type=\"b\"} 2\n", Text(family));
    }

    [Fact]
    public void Buckets_of_a_histogram_add_up()
    {
        HistogramFamily family = new("delay", "Seconds.", [.1, 1]);
        family.Observe(.1);
        family.Observe(.5);
        family.Observe(7);

        Assert.Equal(
            "# HELP delay Seconds.\n# TYPE delay histogram\ndelay_bucket{le=\"0.1\"} 1\ndelay_bucket{le=\"1\"} 2\ndelay_bucket{le=\"+Inf\"} 3\ndelay_sum 7.6\ndelay_count 3\n",
            Text(family));
    }

    [Fact]
    public void Convergence_is_timed_from_the_change_to_its_acceptance_and_a_first_push_is_not_timed()
    {
        ManualTime time = new();
        DiscoveryMetrics metrics = new(time);
        metrics.Published(XdsTypes.Address, 5, time.GetTimestamp());
        metrics.Published(XdsTypes.Address, 9, time.GetTimestamp());
        time.Advance(TimeSpan.FromSeconds(2));
        metrics.Accepted(XdsTypes.Address, 0, 9);
        metrics.Accepted(XdsTypes.Authorization, 4, 9);
        metrics.Accepted(XdsTypes.Address, 5, 9);

        string text = string.Concat(metrics.Families.Select(Text));
        Assert.Contains("pilot_proxy_convergence_time_count 1\n", text, StringComparison.Ordinal);
        Assert.Contains("pilot_proxy_convergence_time_sum 2\n", text, StringComparison.Ordinal);
    }

    private static string Text(IMetricFamily family)
    {
        PrometheusText text = new();
        family.Write(text);
        return text.ToString();
    }
}
