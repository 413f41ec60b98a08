"""The catalogue: importing this package declares every layer, in the order in which the palette shows them."""

# The usual layers of a family come first.
# isort: off
from core.layers import data as data
from core.layers import linear as linear
from core.layers import convolution as convolution
from core.layers import pooling as pooling
from core.layers import resizing as resizing
from core.layers import unpooling as unpooling
from core.layers import normalisation as normalisation
from core.layers import synchronised as synchronised
from core.layers import activation as activation
from core.layers import softmax as softmax
from core.layers import special_activation as special_activation
from core.layers import regularisation as regularisation
from core.layers import recurrent as recurrent
from core.layers import cells as cells
from core.layers import attention as attention
from core.layers import transformer as transformer
from core.layers import shape as shape
from core.layers import summary as summary
from core.layers import parts as parts
from core.layers import rearranging as rearranging
from core.layers import picking as picking
from core.layers import patches as patches
from core.layers import padding as padding
from core.layers import reduction as reduction
from core.layers import merge as merge
from core.layers import arithmetic as arithmetic
from core.layers import comparing as comparing
from core.layers import making as making
from core.layers import held as held
from core.layers import randomness as randomness
from core.layers import gradient as gradient
from core.layers import products as products
from core.layers import distance as distance
from core.layers import loss as loss
from core.layers import binary_loss as binary_loss
from core.layers import pair_loss as pair_loss
from core.layers import special_loss as special_loss
from core.layers import custom as custom

# isort: on
from core import plugins
from core.layers import soundness
from core.layers.block import declaration_of
from core.layers.layer import CATALOGUE, FAMILIES, Call, Inputs, Layer, Port, Refused

__all__ = ["CATALOGUE", "FAMILIES", "Call", "Inputs", "Layer", "Port", "Refused", "declaration_of"]

plugins.load("layerloom.layers", CATALOGUE, soundness.fault)  # type: ignore[arg-type]
