using System.Globalization;
using Ambient.Transport.Lifetime;

namespace Ambient.UnitTests.Transport;

public sealed class ResourceLimitsTests
{
    [Fact]
    public void The_descriptor_table_has_its_size_before_it_is_needed()
    {
        OpenFileLimit limit = ResourceLimits.RaiseOpenFiles();

        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("FDSize:", StringComparison.Ordinal));
        ulong entries = ulong.Parse(line["FDSize:".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(entries, Math.Min(limit.Now, ResourceLimits.TableEntries), ulong.MaxValue);
    }
}
