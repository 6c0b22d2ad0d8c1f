using System.Runtime.InteropServices;
using ActorFlow.Runtime.Hosting;

namespace ActorFlow.Runtime.Tests.Hosting;

public sealed class MallocTuningTests
{
    [Fact]
    public void The_C_library_is_told_where_there_is_one_to_tell() =>
        Assert.Equal(
            OperatingSystem.IsLinux() && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal),
            MallocTuning.GiveBackUnused());
}
