using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorFlow.Runtime.Tests.Wire;

public sealed class CommandFormatTests : TestKit
{
    public static TheoryData<string> Types => [.. typeof(WorkflowCommand).GetNestedTypes()
        .Where(type => type.IsSubclassOf(typeof(WorkflowCommand)) && type != typeof(WorkflowCommand.Report)).Select(type => type.Name)];

    [Fact]
    public void Every_command_but_the_report_is_looked_at() => Assert.Equal(15, Types.Count);

    [Theory]
    [MemberData(nameof(Types))]
    public void A_command_with_every_field_set_loses_none_of_them(string type)
    {
        var serializer = new ActorFlowSerializer((ExtendedActorSystem)Sys);
        var filled = Filled.Of(typeof(WorkflowCommand).GetNestedType(type)!);
        Assert.Empty(Filled.Unset(filled));

        var read = serializer.FromBinary(serializer.ToBinary(filled), serializer.Manifest(filled));

        Assert.Equal(Description.Of(filled), Description.Of(read));
    }
}
