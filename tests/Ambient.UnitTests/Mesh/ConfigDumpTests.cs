using System.Text;
using System.Text.Json;
using Ambient.Mesh.Dump;
using Ambient.Mesh.LocalFile;
using Ambient.Mesh.State;

namespace Ambient.UnitTests.Mesh;

/// <summary>The dump against golden files; <c>UPDATE_GOLDEN=1</c> writes them anew.</summary>
public class ConfigDumpTests
{
    [Theory]
    [InlineData("example")]
    [InlineData("every-key")]
    public void The_dump_is_the_golden_file(string name)
    {
        string path = TestData.PathOf($"config-dump/{name}.json");
        string dump = Dump(LocalFileParser.Parse(TestData.Read($"local-file/{name}.yaml")));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, dump);
        }

        Assert.Equal(File.ReadAllText(path), dump);
    }

    [Theory]
    [InlineData("example")]
    [InlineData("every-key")]
    public void The_static_configuration_can_be_a_local_file_again(string name)
    {
        LocalFileResult original = LocalFileParser.Parse(TestData.Read($"local-file/{name}.yaml"));
        string written = Write(writer => MeshDump.WriteStaticConfig(writer, original.Configuration!));
        LocalFileResult again = LocalFileParser.Parse(written);
        Assert.True(again.IsValid, string.Join('\n', again.Errors));
        Assert.Equal(written, Write(writer => MeshDump.WriteStaticConfig(writer, again.Configuration)));
        Assert.Equal(Dump(original), Dump(again));
    }

    [Fact]
    public void Whatever_a_configuration_holds_it_survives_being_written_and_read()
    {
        RandomConfiguration configurations = new(new Random(61));
        for (int round = 0; round < 500; round++)
        {
            LocalConfiguration configuration = configurations.Next();
            string written = Write(writer => MeshDump.WriteStaticConfig(writer, configuration));
            LocalFileResult read = LocalFileParser.Parse(written);
            Assert.True(read.IsValid, $"{string.Join('\n', read.Errors)}\n{written}");
            Assert.Equal(written, Write(writer => MeshDump.WriteStaticConfig(writer, read.Configuration)));
        }
    }

    [Fact]
    public void An_empty_mesh_dumps_empty_lists() => Assert.Equal(
        "[][]{}",
        Write(writer => MeshDump.WriteWorkloads(writer, MeshSnapshot.Empty))
        + Write(writer => MeshDump.WritePolicies(writer, MeshSnapshot.Empty))
        + Write(writer => MeshDump.WriteStagedServices(writer, MeshSnapshot.Empty)));

    private static string Dump(LocalFileResult result) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("workloads");
        MeshDump.WriteWorkloads(writer, result.Snapshot!);
        writer.WritePropertyName("services");
        MeshDump.WriteServices(writer, result.Snapshot!);
        writer.WritePropertyName("policies");
        MeshDump.WritePolicies(writer, result.Snapshot!);
        writer.WritePropertyName("stagedServices");
        MeshDump.WriteStagedServices(writer, result.Snapshot!);
        writer.WritePropertyName("staticConfig");
        MeshDump.WriteStaticConfig(writer, result.Configuration!);
        writer.WriteEndObject();
    });

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, MeshDump.WriterOptions))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
